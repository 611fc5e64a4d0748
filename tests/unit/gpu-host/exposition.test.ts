import { describe, expect, it } from "vitest";
import { toCountersCsv } from "../../../components/gpu-host/render-counters.ts";
import { healthyScenario } from "../../../components/gpu-host/scenarios/healthy.ts";
import { parseCounters } from "../../../components/gpu-host/simulator/counters-file.ts";
import { DCGM_SIGNALS } from "../../../components/signals/gpu.ts";
import { parseExposition, simulate } from "./exposition.ts";

describe("the counters file", () => {
  it("has two commas in each row, which is all the exporter reads", () => {
    const rows = toCountersCsv().trimEnd().split("\n").slice(1);
    expect(rows).toHaveLength(DCGM_SIGNALS.length);
    expect(rows.filter((row) => row.split(",").length !== 3)).toEqual([]);
  });

  it("is read back row by row", () => {
    const rows = parseCounters(toCountersCsv(), "counters.csv");
    expect(rows).toEqual(DCGM_SIGNALS.map(({ field, exporterType, help }) => ({ field, type: exporterType, help })));
  });

  it("rejects a row with a third comma, an unknown type and an unknown field, all at once", () => {
    const text =
      "DCGM_FI_DEV_GPU_TEMP, gauge, hot, hotter\nDCGM_FI_DEV_GPU_UTIL, guage, busy\nDCGM_FI_NONE, gauge, none\n";
    expect(() => parseCounters(text, "counters.csv")).toThrow(/3 problems[^]*line 1[^]*line 2[^]*line 3/);
  });
});

describe("the exposition of a simulated host", () => {
  const host = simulate(healthyScenario(8));
  const families = parseExposition(host.text());

  it("serves every field of the catalogue with its help and type", () => {
    const expected = DCGM_SIGNALS.filter(({ exporterType }) => exporterType !== "label");
    expect([...families.keys()]).toEqual(expected.map(({ field }) => field));
    for (const { field, exporterType, help } of expected) {
      expect(families.get(field)).toMatchObject({ type: exporterType, help });
    }
  });

  it("writes a series exactly as dcgm-exporter 4.5.3-4.8.2 does", () => {
    expect(host.text().split("\n").slice(0, 3)).toEqual([
      "# HELP DCGM_FI_DEV_SM_CLOCK SM clock frequency (in MHz).",
      "# TYPE DCGM_FI_DEV_SM_CLOCK gauge",
      'DCGM_FI_DEV_SM_CLOCK{gpu="0",UUID="GPU-077b1e6a-a40c-24d1-4ce0-88597861c526",pci_bus_id="00000000:1B:00.0",' +
        'device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="gpu-1",DCGM_FI_DRIVER_VERSION="580.95.05",hpc_job="48211"} 1980',
    ]);
  });

  it("names the last Xid beside its code", () => {
    expect(host.text()).toContain(
      'DCGM_FI_DRIVER_VERSION="580.95.05",err_code="0",err_msg="No Error",hpc_job="48211"} 0',
    );
  });

  it("serves the instances in the place of a GPU in MIG mode, with the labels after modelName", () => {
    expect(host.read("DCGM_FI_DEV_FB_USED", 7).map(({ labels }) => Object.keys(labels))).toEqual(
      Array(2).fill([
        ...["gpu", "UUID", "pci_bus_id", "device", "modelName", "GPU_I_PROFILE", "GPU_I_ID"],
        ...["Hostname", "DCGM_FI_DRIVER_VERSION"],
      ]),
    );
    expect(host.read("DCGM_FI_DEV_FB_TOTAL", 7, { GPU_I_ID: "1" })[0]?.value).toBe(40_779);
  });

  it("names the job a scheduler gave a GPU to, and none on a GPU it gave to nobody", () => {
    const jobs = Array.from({ length: 8 }, (_, gpu) => host.read("DCGM_FI_DEV_FB_USED", gpu)[0]?.labels["hpc_job"]);
    expect(jobs).toEqual([...Array(4).fill("48211"), ...Array(3).fill("48212"), undefined]);
  });

  it("has no utilization of a MIG instance, because DCGM has none", () => {
    expect(host.read("DCGM_FI_DEV_GPU_UTIL", 7)).toEqual([]);
    expect(host.read("DCGM_FI_PROF_GR_ENGINE_ACTIVE", 7)).toHaveLength(2);
  });

  it("keeps ratios, percentages and memory within their bounds for ten minutes", () => {
    const running = simulate(healthyScenario(8));
    for (let seconds = 0; seconds <= 600; seconds += 20) {
      running.runTo(seconds);
      const now = parseExposition(running.text());
      for (const [field, { series }] of now) {
        if (field.endsWith("_ACTIVE") || field.endsWith("OCCUPANCY"))
          expect(series.every(({ value }) => value >= 0 && value <= 1)).toBe(true);
        if (field.endsWith("_UTIL")) expect(series.every(({ value }) => value >= 0 && value <= 100)).toBe(true);
      }
      const [used, free, reserved, total] = ["USED", "FREE", "RESERVED", "TOTAL"].map((name) =>
        running.value(`DCGM_FI_DEV_FB_${name}`, 0),
      );
      expect(Math.abs((used ?? 0) + (free ?? 0) + (reserved ?? 0) - (total ?? 0))).toBeLessThanOrEqual(1);
    }
  });

  it("serves only the rows of the counters file, and the driver version only where its row is", () => {
    const csv = "DCGM_FI_DEV_GPU_TEMP, gauge, Hot.\n# DCGM_FI_DEV_POWER_USAGE, gauge, Power.\n";
    const text = simulate(healthyScenario(8), { csv }).text();
    expect([...parseExposition(text).keys()]).toEqual(["DCGM_FI_DEV_GPU_TEMP"]);
    expect(text).not.toContain("DCGM_FI_DRIVER_VERSION");
  });

  it("gives each host UUIDs of its own, the same ones at each start", () => {
    const uuids = (hostname: string) =>
      simulate(healthyScenario(8), { hostname }).simulation.fleet.map(({ uuid }) => uuid);
    expect(uuids("gpu-1")).toEqual(uuids("gpu-1"));
    expect(new Set([...uuids("gpu-1"), ...uuids("gpu-2")]).size).toBe(16);
  });
});
