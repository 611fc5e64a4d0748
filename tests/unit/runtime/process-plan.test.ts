import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fingerprintOf } from "../../../components/runtime/process/fingerprint.ts";
import { logKeeperWorkload } from "../../../components/runtime/process/log-keeper-workload.ts";
import { planProcess } from "../../../components/runtime/process/process-spec.ts";
import { PROCESS_PATHS, type Workload } from "../../../components/runtime/workload.ts";
import { cleanUp, makeStateFolder } from "./process-fixture.ts";

const OPTIONS = { stateFolder: "/state", command: ["/cache/prometheus"], fingerprint: "one", logCapMiB: 5 };
const WORKLOAD: Workload = {
  name: "prometheus-a",
  service: "prometheus",
  program: "prometheus",
  args: ["--config.file=prometheus.yaml"],
  files: { "prometheus.yaml": "a: 1\n" },
  secretFiles: {},
  env: {},
  ports: { http: { host: "127.0.0.1", port: 9090, protocol: "tcp", access: "mtls" } },
  volumes: [{ name: "tsdb", sizeMiB: 100, stateful: true }],
  health: { port: "http", path: "/-/ready", deadlineSeconds: 30 },
  resources: { memoryMiB: 500, cpu: 1 },
};

describe("the plan of a process", () => {
  it("gives it a folder, its volumes, a Go memory limit of 80 % and an HTTPS health check", () => {
    expect(planProcess(WORKLOAD, OPTIONS)).toMatchObject({
      folder: "/state/workloads/prometheus-a",
      dataFolders: ["data/tsdb"],
      env: { GOMEMLIMIT: "400MiB" },
      health: { scheme: "https", host: "127.0.0.1", port: 9090, path: "/-/ready" },
    });
  });

  const hash = (change: Partial<Workload>, options = OPTIONS) =>
    planProcess({ ...WORKLOAD, ...change }, options).planHash;

  it("has another hash for another program, argument, file or variable", () => {
    const hashes = [
      hash({}),
      hash({}, { ...OPTIONS, fingerprint: "two" }),
      hash({ args: [] }),
      hash({ files: { "prometheus.yaml": "a: 2\n" } }),
      hash({ env: { A: "1" } }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("has the same hash for a moved program, state folder or health deadline", () => {
    const moved = { ...OPTIONS, command: ["/other/prometheus"], stateFolder: "/elsewhere" };
    expect(hash({ health: { ...WORKLOAD.health, deadlineSeconds: 99 } }, moved)).toBe(hash({}));
  });

  it("asks a listener behind a password without TLS for its health in plain HTTP, as GreptimeDB speaks it", () => {
    const http = { host: "127.0.0.1", port: 4000, protocol: "tcp", access: "password" } as const;
    const health = { ...WORKLOAD.health, scheme: "http" } as const;
    expect(planProcess({ ...WORKLOAD, ports: { http }, health }, OPTIONS).health.scheme).toBe("http");
  });

  describe("of a program that takes paths as relative to its own folder", () => {
    const change: Partial<Workload> = {
      args: ["server"],
      env: { GF_PATHS_DATA: "data/grafana", GF_LOG_MODE: "console" },
      home: { program: "bin/grafana", argument: "--homepath", paths: ["GF_PATHS_DATA"] },
    };
    const command = ["/cache/grafana/bin/grafana"];
    const plan = planProcess({ ...WORKLOAD, ...change }, { ...OPTIONS, command });

    it("names that folder in an argument and makes those paths absolute", () => {
      expect(plan.args).toEqual(["server", "--homepath=/cache/grafana"]);
      expect(plan.env).toMatchObject({
        GF_PATHS_DATA: "/state/workloads/prometheus-a/data/grafana",
        GF_LOG_MODE: "console",
      });
    });

    it("has the same hash in another folder", () => {
      const moved = { ...OPTIONS, command: ["/other/bin/grafana"], stateFolder: "/elsewhere" };
      expect(hash(change, moved)).toBe(plan.planHash);
    });
  });

  it.each(["../escape", "/etc/passwd", "tls/key.pem", "data/x", "process.json"])("rejects the file name %s", (path) => {
    expect(() => planProcess({ ...WORKLOAD, files: { [path]: "" } }, OPTIONS)).toThrow(`got       ${path}`);
  });

  it("rejects a health check on a port it does not have", () => {
    const health = { ...WORKLOAD.health, port: "admin" };
    expect(() => planProcess({ ...WORKLOAD, health }, OPTIONS)).toThrow(/one of its ports: http\n.*got +admin/);
  });
});

describe("the fingerprint of a command", () => {
  let folder: string;
  beforeEach(() => {
    folder = makeStateFolder();
  });
  afterEach(() => cleanUp(folder));

  it("follows what a small program or a source holds, not its folder or age", () => {
    const [here, there] = [join(folder, "a"), join(folder, "b")];
    for (const place of [here, there]) mkdirSync(place);
    writeFileSync(join(here, "main.ts"), "one");
    copyFileSync(join(here, "main.ts"), join(there, "main.ts"));
    utimesSync(join(there, "main.ts"), 1, 1);
    expect(fingerprintOf([join(there, "main.ts")])).toBe(fingerprintOf([join(here, "main.ts")]));
  });

  it("changes with a source file beside the one that is started", () => {
    writeFileSync(join(folder, "main.ts"), "one");
    const before = fingerprintOf([join(folder, "main.ts")]);
    writeFileSync(join(folder, "helper.ts"), "two");
    expect(fingerprintOf([join(folder, "main.ts")])).not.toBe(before);
  });

  it("changes with the size or time of a large program", () => {
    const program = join(folder, "prometheus");
    writeFileSync(program, Buffer.alloc(2 * 1024 * 1024));
    const before = fingerprintOf([program]);
    utimesSync(program, 1, 1);
    expect(fingerprintOf([program])).not.toBe(before);
  });
});

describe("the log keeper's workload", () => {
  it("watches the folder above its own, on a localhost port", () => {
    const placement = {
      name: "log-keeper",
      bind: "127.0.0.1",
      dial: "127.0.0.1",
      ports: { http: 8885 },
      paths: PROCESS_PATHS,
      certificateNames: [],
      memoryMiB: 96,
    };
    const workload = logKeeperWorkload({ placement, capMiB: 20 });
    expect(workload.args.join(" ")).toBe("--folder .. --cap-mib 20 --host 127.0.0.1 --port 8885");
    expect(workload.ports["http"]?.access).toBe("plaintext");
  });
});
