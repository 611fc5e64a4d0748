import { CLOCK_EVENTS, type ClockEvent } from "../../signals/dcgm.ts";
import type { Scenario } from "./scenario.ts";

/** What holds for a while, by name. */
export interface Conditions {
  throttle: ClockEvent;
  fallenOff: true;
  idle: true;
  celsius: number;
  memoryCelsius: number;
  memoryPercent: number;
  rowRemapPending: true;
  rowRemapFailed: true;
  /** Pages. */
  retirementPending: number;
  /** As DCGM numbers it. */
  fabricManager: number;
}

const COUNTERS = [
  ...(["eccCorrected", "eccUncorrected", "remappedCorrected", "remappedUncorrected"] as const),
  ...(["retiredCorrected", "retiredUncorrected", "pcieReplays"] as const),
  ...(["nvlinkFlit", "nvlinkData", "nvlinkReplay", "nvlinkRecovery"] as const),
] as const;
export type Counts = Record<(typeof COUNTERS)[number], number>;

/** What a running GPU reports, beside its identity. Counts start at zero with the driver. */
export interface GpuState {
  readonly index: number;
  job: string | undefined;
  /** Utilization, 0 to 100. */
  load: number;
  /** Celsius, as its work makes it. */
  temperature: number;
  watts: number;
  energyMillijoules: number;
  nvlinkTraffic: number;
  readonly counts: Counts;
  /** Counts that grow each second, until a time. */
  growing: readonly { readonly by: Partial<Counts>; readonly untilMs: number }[];
  /** What holds, until a time. */
  conditions: { [Name in keyof Conditions]?: { readonly value: Conditions[Name]; readonly untilMs: number } };
  /** Time held down so far, in ns, by reason. */
  readonly violationNs: Partial<Record<ClockEvent, number>>;
  lastXid: number;
  /** Driver errors of the last window, newest last. */
  xids: readonly { readonly code: number; readonly atMs: number }[];
  /** Clock reasons sampled over the last window, newest last. */
  clockSamples: readonly { readonly mask: number; readonly atMs: number }[];
}

export function newGpuState(index: number, job: string | undefined): GpuState {
  return {
    index,
    job,
    load: 0,
    temperature: 34,
    watts: 72,
    energyMillijoules: (index + 1) * 3_600_000_000,
    nvlinkTraffic: 0,
    counts: Object.fromEntries(COUNTERS.map((name) => [name, 0])) as Counts,
    growing: [],
    conditions: {},
    violationNs: {},
    lastXid: 0,
    xids: [],
    clockSamples: [],
  };
}

/** What a condition is now; absent when it does not hold. */
export function condition<Name extends keyof Conditions>(gpu: GpuState, name: Name): Conditions[Name] | undefined {
  return gpu.conditions[name]?.value;
}

export function addCounts({ counts }: GpuState, by: Partial<Counts>): void {
  for (const name of COUNTERS) counts[name] += by[name] ?? 0;
}

/** Bits of the clock reasons now: the throttle's, or idle. */
export function toClockMask(gpu: GpuState): number {
  const reason = condition(gpu, "throttle");
  if (reason !== undefined) return CLOCK_EVENTS[reason];
  return gpu.load < 1 ? CLOCK_EVENTS.gpu_idle : 0;
}

/** SM clock in MHz. */
export function toSmClock(gpu: GpuState): number {
  const reason = condition(gpu, "throttle");
  if (gpu.load < 1) return 345;
  if (reason === undefined) return 1980;
  return reason.startsWith("hw_") ? 990 : 1410;
}

/** Moves a GPU on by one second. */
export function stepGpu(gpu: GpuState, load: Scenario["load"], nowMs: number, elapsedSeconds: number): void {
  endConditions(gpu, nowMs);
  if (condition(gpu, "fallenOff") === true) return;
  for (const { by } of gpu.growing) addCounts(gpu, by);
  const reason = condition(gpu, "throttle");
  gpu.load = condition(gpu, "idle") === true ? 0 : loadAt(load, gpu.index, elapsedSeconds);
  const slowed = toSmClock(gpu) / 1980;
  const hot = reason?.endsWith("thermal") === true;
  gpu.temperature += ((hot ? 89 : 34 + 0.32 * gpu.load) - gpu.temperature) * 0.1;
  gpu.watts = 72 + 6 * gpu.load * (reason === undefined ? 1 : slowed);
  gpu.energyMillijoules += gpu.watts * 1000;
  gpu.nvlinkTraffic += Math.round(gpu.load * 18_000 * slowed);
  if (reason !== undefined) gpu.violationNs[reason] = (gpu.violationNs[reason] ?? 0) + 1_000_000_000;
}

function endConditions(gpu: GpuState, nowMs: number): void {
  gpu.growing = gpu.growing.filter(({ untilMs }) => untilMs > nowMs);
  for (const name of Object.keys(gpu.conditions) as (keyof Conditions)[])
    if ((gpu.conditions[name]?.untilMs ?? Infinity) <= nowMs) delete gpu.conditions[name];
}

/** A slow wave between the two loads, each GPU an eighth of a period after the one before, with a little noise. */
function loadAt({ lowPercent, highPercent, periodSeconds }: Scenario["load"], index: number, seconds: number): number {
  const phase = seconds / periodSeconds + index / 8;
  const wave = (1 - Math.cos(2 * Math.PI * phase)) / 2;
  const noise = Math.sin(seconds * 12.9898 + index * 78.233) * 1.5;
  return Math.min(100, Math.max(0, lowPercent + (highPercent - lowPercent) * wave + (highPercent > 0 ? noise : 0)));
}
