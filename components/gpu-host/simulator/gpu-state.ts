import { CLOCK_EVENTS, type ClockEvent } from "../../signals/dcgm.ts";
import type { Scenario } from "./scenario.ts";

/** What a running GPU reports, beside its identity. Counts start at zero with the driver. */
export interface GpuState {
  readonly index: number;
  /** Utilization, 0 to 100. */
  load: number;
  /** Why its clocks are held down, with the second it ends. */
  throttle: { readonly reason: ClockEvent; readonly untilMs: number } | undefined;
  fallenOff: boolean;
  /** Celsius. */
  temperature: number;
  watts: number;
  energyMillijoules: number;
  /** Time held down so far, in ns, by reason. */
  readonly violationNs: Partial<Record<ClockEvent, number>>;
  eccCorrected: number;
  eccUncorrected: number;
  remapFailed: boolean;
  nvlinkErrors: number;
  nvlinkTraffic: number;
  lastXid: number;
  /** Driver errors of the last window, newest last. */
  xids: readonly { readonly code: number; readonly atMs: number }[];
  /** Clock reasons sampled over the last window, newest last. */
  clockSamples: readonly { readonly mask: number; readonly atMs: number }[];
}

export function newGpuState(index: number): GpuState {
  return {
    index,
    load: 0,
    throttle: undefined,
    fallenOff: false,
    temperature: 34,
    watts: 72,
    energyMillijoules: (index + 1) * 3_600_000_000,
    violationNs: {},
    eccCorrected: 0,
    eccUncorrected: 0,
    remapFailed: false,
    nvlinkErrors: 0,
    nvlinkTraffic: 0,
    lastXid: 0,
    xids: [],
    clockSamples: [],
  };
}

/** Bits of the clock reasons now: the throttle's, or idle. */
export function toClockMask({ throttle, load }: GpuState): number {
  if (throttle !== undefined) return CLOCK_EVENTS[throttle.reason];
  return load < 1 ? CLOCK_EVENTS.gpu_idle : 0;
}

/** SM clock in MHz. */
export function toSmClock({ throttle, load }: GpuState): number {
  if (load < 1) return 345;
  if (throttle === undefined) return 1980;
  return throttle.reason.startsWith("hw_") ? 990 : 1410;
}

/** Moves a GPU on by one second. */
export function stepGpu(gpu: GpuState, load: Scenario["load"], nowMs: number, elapsedSeconds: number): void {
  if (gpu.fallenOff) return;
  if (gpu.throttle !== undefined && gpu.throttle.untilMs <= nowMs) gpu.throttle = undefined;
  gpu.load = loadAt(load, gpu.index, elapsedSeconds);
  const slowed = toSmClock(gpu) / 1980;
  const hot = gpu.throttle?.reason.endsWith("thermal") === true;
  gpu.temperature += ((hot ? 89 : 34 + 0.32 * gpu.load) - gpu.temperature) * 0.1;
  gpu.watts = 72 + 6 * gpu.load * (gpu.throttle === undefined ? 1 : slowed);
  gpu.energyMillijoules += gpu.watts * 1000;
  gpu.nvlinkTraffic += Math.round(gpu.load * 18_000 * slowed);
  if (gpu.throttle !== undefined) {
    const { reason } = gpu.throttle;
    gpu.violationNs[reason] = (gpu.violationNs[reason] ?? 0) + 1_000_000_000;
  }
}

/** A slow wave between the two loads, each GPU an eighth of a period after the one before, with a little noise. */
function loadAt({ lowPercent, highPercent, periodSeconds }: Scenario["load"], index: number, seconds: number): number {
  const phase = seconds / periodSeconds + index / 8;
  const wave = (1 - Math.cos(2 * Math.PI * phase)) / 2;
  const noise = Math.sin(seconds * 12.9898 + index * 78.233) * 1.5;
  return Math.min(100, Math.max(0, lowPercent + (highPercent - lowPercent) * wave + (highPercent > 0 ? noise : 0)));
}
