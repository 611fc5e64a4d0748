import { describe, expect, it } from "vitest";
import {
  dcgmExporterWorkload,
  nodeExporterWorkload,
  simulatedKernelLog,
} from "../../../components/gpu-host/workloads.ts";
import type { Placement } from "../../../components/runtime/placement.ts";
import { hostPaths, PROCESS_PATHS } from "../../../components/runtime/workload.ts";

const placement = (name: string, port: number): Placement<"http"> => ({
  name,
  bind: "127.0.0.1",
  dial: "127.0.0.1",
  ports: { http: port },
  paths: PROCESS_PATHS,
  certificateNames: [name],
  memoryMiB: 768,
});
const dcgm = placement("gpu-1-dcgm-exporter", 9400);
const simulated = { hostName: "gpu-1", gpus: 8, scenario: "one-sick-gpu" } as const;

describe("the DCGM exporter's workload", () => {
  it("runs the exporter with the counters file of the catalogue on localhost:9400 (S0-16, S0-74)", () => {
    const paths = hostPaths("gpu-1-dcgm-exporter");
    const workload = dcgmExporterWorkload({ placement: { ...dcgm, paths } });
    expect(workload.program).toBe("dcgm-exporter");
    expect(workload.args).toEqual([
      ...["-f", "/etc/gpu-observability/gpu-1-dcgm-exporter/counters.csv"],
      ...["-a", "127.0.0.1:9400", "-c", "15000"],
    ]);
    expect(Object.keys(workload.files)).toEqual(["counters.csv"]);
    expect(workload.volumes).toEqual([]);
  });

  it("has 120 s to start, or what the environment says: a host with many GPUs takes its time", () => {
    expect(dcgmExporterWorkload({ placement: dcgm }).health.deadlineSeconds).toBe(120);
    expect(dcgmExporterWorkload({ placement: dcgm, startSeconds: 300 }).health.deadlineSeconds).toBe(300);
  });

  it("enables throttling and ECC in that file (S0-02, S0-03)", () => {
    const csv = dcgmExporterWorkload({ placement: dcgm }).files["counters.csv"];
    for (const field of ["THERMAL_VIOLATION", "POWER_VIOLATION", "ECC_SBE_VOL_TOTAL", "ECC_DBE_VOL_TOTAL"]) {
      expect(csv).toMatch(new RegExp(`^DCGM_FI_DEV_${field}, counter, `, "m"));
    }
  });

  it("asks a host engine of its own choice", () => {
    const { args } = dcgmExporterWorkload({ placement: dcgm, hostEngine: "localhost:5555", collectInterval: "5s" });
    expect(args.slice(-4)).toEqual(["-c", "5000", "-r", "localhost:5555"]);
  });

  it("runs the simulator with the same counters, a scenario and a kern.log of its own where there is no GPU", () => {
    const workload = dcgmExporterWorkload({ placement: dcgm, simulated });
    expect(workload.program).toBe("dcgm-simulator");
    expect(Object.keys(workload.files)).toEqual(["counters.csv", "scenario.yaml"]);
    expect(workload.args).toEqual(expect.arrayContaining(["--hostname", "gpu-1", "--kern-log", "data/log/kern.log"]));
    expect(workload.volumes.map(({ name }) => name)).toEqual(["log"]);
    expect(simulatedKernelLog(PROCESS_PATHS)).toBe("data/log/kern.log");
  });
});

describe("the node exporter's workload", () => {
  const workload = nodeExporterWorkload({ placement: placement("gpu-1-node-exporter", 9100) });

  it("listens on localhost:9100 and reads the host's own text files (S0-17, S0-75)", () => {
    expect(workload.program).toBe("node_exporter");
    expect(workload.args).toContain("--web.listen-address=127.0.0.1:9100");
    expect(workload.args).toContain("--collector.textfile.directory=data/textfile");
    expect(workload.volumes.map(({ name }) => name)).toEqual(["textfile"]);
  });

  it("reads the host through its mount in a container", () => {
    const { args } = nodeExporterWorkload({ placement: placement("node-exporter", 9100), rootfs: "/host" });
    expect(args).toEqual(
      expect.arrayContaining(["--path.rootfs=/host", "--path.procfs=/host/proc", "--path.sysfs=/host/sys"]),
    );
  });

  it("is plaintext on the host's own loopback only", () => {
    expect(workload.ports).toEqual({
      http: { host: "127.0.0.1", port: 9100, protocol: "tcp", access: "plaintext" },
    });
    expect(workload.certificate).toBeUndefined();
  });
});
