import { describe, expect, it } from "vitest";
import { CLOCK_EVENTS } from "../../../components/signals/dcgm.ts";
import { XIDS } from "../../../components/signals/xid.ts";
import { healthyScenario } from "../../../components/gpu-host/scenarios/healthy.ts";
import { idleGpuScenario } from "../../../components/gpu-host/scenarios/idle-gpu.ts";
import { parseExposition, simulate } from "./exposition.ts";

/** A host with something injected at second 10, run on to a time. */
function after(seconds: number, ...events: readonly object[]) {
  const host = simulate({ gpus: 2 });
  host.runTo(10);
  for (const event of events) host.inject(event);
  host.runTo(seconds);
  return host;
}

describe("a state that lasts", () => {
  it.each([
    ["row-remap", {}, "DCGM_FI_DEV_ROW_REMAP_PENDING", 1, 0],
    ["row-remap", { failed: true }, "DCGM_FI_DEV_ROW_REMAP_FAILURE", 1, 0],
    ["retired-pages", { pending: 3 }, "DCGM_FI_DEV_RETIRED_PENDING", 3, 0],
    ["hot", { celsius: 91 }, "DCGM_FI_DEV_GPU_TEMP", 91, undefined],
    ["hot", { memoryCelsius: 105 }, "DCGM_FI_DEV_MEMORY_TEMP", 105, undefined],
    ["memory-full", { percent: 100 }, "DCGM_FI_DEV_FB_FREE", 0, undefined],
    ["idle", {}, "DCGM_FI_DEV_GPU_UTIL", 0, undefined],
    ["fabric-manager", {}, "DCGM_FI_DEV_FABRIC_MANAGER_STATUS", 4, 3],
    ["throttle", { reason: "sync_boost" }, "DCGM_FI_DEV_CLOCKS_EVENT_REASONS", CLOCK_EVENTS.sync_boost, 0],
  ])("is there for its time with %s %j, and then gone", (event, fields, field, during, healthy) => {
    const target = event === "fabric-manager" ? {} : { gpu: 1 };
    const host = after(30, { event, ...target, ...fields, forSeconds: 60 });
    expect(host.value(field, 1)).toBe(during);
    host.runTo(75);
    if (healthy === undefined) expect(host.value(field, 1)).not.toBe(during);
    else expect(host.value(field, 1)).toBe(healthy);
  });

  it("ends with a recover where it has no time of its own", () => {
    const host = after(
      600,
      { event: "hot", gpu: 1, celsius: 91 },
      { event: "row-remap", gpu: 1, failed: true },
      { event: "throttle", gpu: 1 },
    );
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).toBe(91);
    host.inject({ event: "recover", gpu: 1 });
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).not.toBe(91);
    expect(host.value("DCGM_FI_DEV_ROW_REMAP_PENDING", 1)).toBe(0);
    expect(host.value("DCGM_FI_DEV_ROW_REMAP_FAILURE", 1)).toBe(0);
    expect(host.value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", 1)).toBe(0);
  });

  it("is of its GPU only, and of a whole host where nothing else makes sense", () => {
    const host = after(20, { event: "hot", gpu: 1, celsius: 91 }, { event: "fabric-manager" });
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 0)).toBeLessThan(80);
    expect(host.value("DCGM_FI_DEV_FABRIC_MANAGER_STATUS", 0)).toBe(4);
    host.inject({ event: "recover" });
    expect(host.value("DCGM_FI_DEV_FABRIC_MANAGER_STATUS", 0)).toBe(3);
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).toBeLessThan(80);
  });

  it("takes a GPU off the bus for a time", () => {
    const host = after(20, { event: "fallen-off", gpu: 1, forSeconds: 60 });
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).toBeUndefined();
    host.runTo(71);
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).toBeGreaterThan(30);
  });
});

describe("an error count", () => {
  it.each([
    ["ecc", { corrected: 5 }, "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL"],
    ["ecc", { uncorrected: 5, alone: true }, "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"],
    ["nvlink", { errors: 5 }, "DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL"],
    ["nvlink", { errors: 5, kind: "crc-flit" }, "DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL"],
    ["pcie-replay", { count: 5 }, "DCGM_FI_DEV_PCIE_REPLAY_COUNTER"],
  ])("grows with %s %j once, or every second for a time", (event, fields, field) => {
    expect(after(40, { event, gpu: 1, ...fields }).value(field, 1)).toBe(5);
    const steady = after(15, { event, gpu: 1, ...fields, forSeconds: 20 });
    expect(steady.value(field, 1)).toBe(25);
    steady.runTo(60);
    expect(steady.value(field, 1)).toBe(100);
    expect(steady.value(field, 0)).toBe(0);
  });

  it("of one NVLink kind leaves the others alone", () => {
    const host = after(11, { event: "nvlink", gpu: 1, kind: "replay" });
    expect(host.value("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL", 1)).toBe(1);
    expect(host.value("DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL", 1)).toBe(0);
  });

  it("of ECC alone brings no Xid and no remapped row", () => {
    const host = after(11, { event: "ecc", gpu: 1, uncorrected: 1, alone: true });
    expect(host.driverLines()).toEqual([]);
    expect(host.value("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 1)).toBe(0);
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 1)).toBe(0);
  });
});

describe("an Xid", () => {
  it.each([
    ["both", 2, 2],
    ["dcgm", 2, 0],
    ["kernel", 0, 2],
  ])("may be noticed by %s", (witness, counted, printed) => {
    const host = after(11, { event: "xid", gpu: 1, code: 79, witness, count: 2 });
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 1)).toBe(counted);
    expect(host.driverLines()).toHaveLength(printed);
  });

  it("leaves DCGM's count after its window of five minutes, and the last code stays", () => {
    const host = after(200, { event: "xid", gpu: 1, code: 31 });
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 1, { xid: "31" })).toBe(1);
    host.runTo(330);
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 1, { xid: "31" })).toBeUndefined();
    expect(host.value("DCGM_FI_DEV_XID_ERRORS", 1)).toBe(31);
  });

  it("is forgotten by an exporter that was started again", () => {
    const host = after(11, { event: "xid", gpu: 1, code: 31 }, { event: "exporter", mode: "restart" });
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 1)).toBe(0);
    expect(host.value("DCGM_FI_DEV_XID_ERRORS", 1)).toBe(0);
  });

  it("of any code of the table has a text of its own in both places, and brings no other fault", () => {
    for (const { code } of XIDS) {
      const host = after(11, { event: "xid", gpu: 1, code });
      expect(host.read("DCGM_FI_DEV_XID_ERRORS", 1)[0]?.labels["err_msg"]).not.toBe("Unknown Error");
      expect(host.driverLines()[0]).not.toContain("Unknown error");
      expect(host.value("DCGM_FI_DEV_ROW_REMAP_FAILURE", 1)).toBe(0);
      expect(host.value("DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL", 1)).toBe(0);
    }
  });
});

describe("a job", () => {
  it("is taken from a GPU and given to it", () => {
    const host = after(11, { event: "job", gpu: 0, id: "7" });
    expect(host.read("DCGM_FI_DEV_GPU_UTIL", 0)[0]?.labels).toMatchObject({ hpc_job: "7" });
    host.inject({ event: "job", gpu: 0 });
    expect(host.read("DCGM_FI_DEV_GPU_UTIL", 0)[0]?.labels).not.toHaveProperty("hpc_job");
  });

  it("keeps an idle GPU in the scenario of that name", () => {
    const host = simulate(idleGpuScenario(8));
    host.runTo(120);
    expect(host.read("DCGM_FI_DEV_GPU_UTIL", 0)[0]).toMatchObject({ value: 0, labels: { hpc_job: "48211" } });
    expect(host.value("DCGM_FI_PROF_GR_ENGINE_ACTIVE", 0)).toBe(0);
    expect(host.value("DCGM_FI_DEV_GPU_UTIL", 1)).toBeGreaterThan(30);
  });
});

describe("a healthy host", () => {
  it("shows no sign of any fault for ten minutes", () => {
    const host = simulate(healthyScenario(8));
    for (let seconds = 0; seconds <= 600; seconds += 15) {
      host.runTo(seconds);
      const families = parseExposition(host.text());
      const most = (field: string) => Math.max(...(families.get(field)?.series ?? []).map(({ value }) => value));
      const faults = [...families.keys()].filter((field) =>
        /XID|VIOLATION|ECC_.*VOL|RETIRED|REMAP|NVLINK_.*ERROR|PCIE_REPLAY|CLOCK.*EVENT/.test(field),
      );
      expect(faults.length).toBeGreaterThan(20);
      for (const field of faults) expect(most(field), field).toBe(0);
      expect(most("DCGM_FI_DEV_GPU_TEMP")).toBeLessThan(70);
      expect(most("DCGM_FI_DEV_MEMORY_TEMP")).toBeLessThan(80);
      expect(most("DCGM_FI_DEV_FABRIC_MANAGER_STATUS")).toBe(3);
    }
    expect(host.driverLines()).toEqual([]);
  });
});
