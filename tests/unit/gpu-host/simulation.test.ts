import { describe, expect, it } from "vitest";
import { oneSickGpuScenario } from "../../../components/gpu-host/scenarios/one-sick-gpu.ts";
import type { ScenarioInput } from "../../../components/gpu-host/simulator/scenario.ts";
import { simulate } from "./exposition.ts";

type Events = NonNullable<ScenarioInput["events"]>;
const withEvents = (...events: Events) => simulate({ gpus: 2, events });

describe("a simulated GPU", () => {
  it("gives the same values and kernel lines for the same clock, however often it is asked", () => {
    const often = simulate(oneSickGpuScenario(8));
    const once = simulate(oneSickGpuScenario(8));
    for (let seconds = 1; seconds <= 500; seconds += 7) often.runTo(seconds);
    often.runTo(500);
    once.runTo(500);
    expect(often.text()).toBe(once.text());
    expect(often.lines).toEqual(once.lines);
  });

  it("grows a violation counter by the time it was throttled, in ns, and slows its clock (S0-02)", () => {
    const host = withEvents({ atSeconds: 10, gpu: 1, event: "throttle", reason: "hw_thermal", forSeconds: 30 });
    host.runTo(20);
    expect(host.value("DCGM_FI_DEV_SM_CLOCK", 1)).toBe(990);
    expect(host.value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", 1)).toBe(0x40);
    host.runTo(60);
    expect(host.value("DCGM_FI_DEV_THERMAL_VIOLATION", 1)).toBe(30e9);
    expect(host.value("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", 1)).toBe(0);
    expect(host.value("DCGM_FI_DEV_SM_CLOCK", 1)).toBe(1980);
    expect(host.value("DCGM_FI_DEV_THERMAL_VIOLATION", 0)).toBe(0);
  });

  it("counts the samples of a clock event over the last five minutes, then forgets them", () => {
    const host = withEvents({ atSeconds: 10, gpu: 1, event: "throttle", reason: "power_cap", forSeconds: 60 });
    host.runTo(90);
    expect(host.value("DCGM_EXP_CLOCK_EVENTS_COUNT", 1, { clock_event: "power_cap" })).toBe(4);
    host.runTo(400);
    const [only] = host.read("DCGM_EXP_CLOCK_EVENTS_COUNT", 1);
    expect(only).toMatchObject({ value: 0, labels: { window_size_in_ms: "300000" } });
    expect(only?.labels).not.toHaveProperty("clock_event");
  });

  it("counts memory errors and reports an uncorrected one to the kernel (S0-03, S0-11)", () => {
    const host = withEvents(
      { atSeconds: 1, gpu: 0, event: "ecc", corrected: 5 },
      { atSeconds: 2, gpu: 0, event: "ecc", uncorrected: 1, pid: 77, process: "python3" },
    );
    host.runTo(3);
    expect(host.value("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", 0)).toBe(5);
    expect(host.value("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 0)).toBe(1);
    expect(host.value("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 0)).toBe(1);
    expect(host.value("DCGM_EXP_XID_ERRORS_COUNT", 0, { xid: "48" })).toBe(1);
    expect(host.driverLines()).toEqual([
      "Mar  4 00:00:02 gpu-1 kernel: [86402.000000] NVRM: Xid (PCI:0000:1b:00): 48, pid=77, name=python3, " +
        "DBE (double bit error) ECC Error Occurred @ 0x2a3c00. Physical Address: 0x2a3c00",
      "Mar  4 00:00:02 gpu-1 kernel: [86402.000000] NVRM: Xid (PCI:0000:1b:00): 63, pid=77, name=python3, " +
        "Row Remapper: New row marked for remapping, reset gpu to activate.",
    ]);
  });

  it("serves the last Xid with its text, and the trace of an injected one stands in the kernel line (S0-12)", () => {
    const host = withEvents();
    const trace_id = "0af7651916cd43dd8448eb211c80319c";
    host.inject({ gpu: 1, event: "xid", code: 94, trace_id });
    expect(host.read("DCGM_FI_DEV_XID_ERRORS", 1)[0]).toMatchObject({
      value: 94,
      labels: { err_code: "94", err_msg: "Contained ECC error" },
    });
    expect(host.driverLines()[0]).toMatch(/94, pid='<unknown>', name=<unknown>, Contained: .* trace_id=0af7651916cd/);
  });

  it("leaves only its last error behind when it falls off the bus, and both wordings in the kernel log", () => {
    const host = withEvents({ atSeconds: 5, gpu: 1, event: "fallen-off" });
    host.runTo(6);
    const matches = [...host.text().matchAll(/^(\w+)\{gpu="1"/gm)];
    const served = new Set(matches.map(([, name]) => name));
    expect([...served]).toEqual(["DCGM_FI_DEV_XID_ERRORS", "DCGM_EXP_XID_ERRORS_COUNT"]);
    expect(host.driverLines().map((line) => line.replace(/^.*NVRM: /, ""))).toEqual([
      "Xid (PCI:0000:43:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.",
      "GPU 0000:43:00.0: GPU has fallen off the bus.",
    ]);
  });

  it("comes back when it recovers, its counts kept", () => {
    const host = withEvents(
      { atSeconds: 1, gpu: 1, event: "ecc", uncorrected: 2 },
      { atSeconds: 5, gpu: 1, event: "fallen-off", wording: "plain" },
      { atSeconds: 9, gpu: 1, event: "recover" },
    );
    host.runTo(10);
    expect(host.value("DCGM_FI_DEV_XID_ERRORS", 1)).toBe(0);
    expect(host.value("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 1)).toBe(2);
    expect(host.value("DCGM_FI_DEV_GPU_TEMP", 1)).toBeGreaterThan(30);
  });

  it("goes through its events again after each loop", () => {
    const events: Events = [{ atSeconds: 3, gpu: 0, event: "ecc", corrected: 1 }];
    const host = simulate({ gpus: 1, loopSeconds: 10, events });
    host.runTo(34);
    expect(host.value("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", 0)).toBe(4);
  });

  it("never lets a counter fall within a run", () => {
    const host = simulate(oneSickGpuScenario(8));
    let energy = 0;
    for (let seconds = 0; seconds < 1300; seconds += 50) {
      host.runTo(seconds);
      const now = host.value("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", 3) ?? energy;
      expect(now).toBeGreaterThanOrEqual(energy);
      energy = now;
    }
  });
});

describe("the scenario of one sick GPU", () => {
  it("shows throttling, memory errors and an Xid within 15 seconds, on one GPU only", () => {
    const host = simulate(oneSickGpuScenario(8));
    host.runTo(15);
    expect(host.value("DCGM_FI_DEV_THERMAL_VIOLATION", 3)).toBeGreaterThan(0);
    expect(host.value("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", 3)).toBe(1);
    expect(host.value("DCGM_FI_DEV_XID_ERRORS", 3)).toBe(94);
    for (const gpu of [0, 1, 2, 4, 5, 6, 7]) expect(host.value("DCGM_FI_DEV_XID_ERRORS", gpu)).toBe(0);
  });

  it("fits a host with a single GPU", () => {
    const host = simulate(oneSickGpuScenario(1));
    host.runTo(15);
    expect(host.value("DCGM_FI_DEV_XID_ERRORS", 0)).toBe(94);
  });

  it("writes ordinary kernel lines between the driver's", () => {
    const host = simulate(oneSickGpuScenario(8));
    host.runTo(100);
    expect(host.lines.length - host.driverLines().length).toBe(6);
  });
});
