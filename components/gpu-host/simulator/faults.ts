import type { GpuEvent } from "./events.ts";
import { addCounts, type Conditions, type Counts, type GpuState } from "./gpu-state.ts";

type EventOf<Name extends GpuEvent["event"]> = Extract<GpuEvent, { event: Name }>;

/** Events of one GPU that change its state and nothing else. */
export type StateEvent = EventOf<
  "throttle" | "row-remap" | "retired-pages" | "nvlink" | "pcie-replay" | "hot" | "memory-full" | "idle" | "job"
>;

/** Changes what a GPU reports, from now on. */
export function applyToState(gpu: GpuState, event: StateEvent, nowMs: number): void {
  const lasting = "forSeconds" in event ? event.forSeconds : undefined;
  const hold = <Name extends keyof Conditions>(name: Name, value: Conditions[Name] | undefined) =>
    holdFor(gpu, name, value, nowMs, lasting);
  switch (event.event) {
    case "throttle":
      return hold("throttle", event.reason);
    case "row-remap":
      hold("rowRemapPending", event.pending || undefined);
      hold("rowRemapFailed", event.failed || undefined);
      return addCounts(gpu, { remappedCorrected: event.corrected, remappedUncorrected: event.uncorrected });
    case "retired-pages":
      hold("retirementPending", event.pending);
      return addCounts(gpu, { retiredCorrected: event.corrected, retiredUncorrected: event.uncorrected });
    case "nvlink":
      return grow(gpu, toNvlinkCounts(event), nowMs, event.forSeconds);
    case "pcie-replay":
      return grow(gpu, { pcieReplays: event.count }, nowMs, event.forSeconds);
    case "hot":
      hold("celsius", event.celsius);
      return hold("memoryCelsius", event.memoryCelsius);
    case "memory-full":
      return hold("memoryPercent", event.percent);
    case "idle":
      return hold("idle", true);
    case "job":
      gpu.job = event.id;
  }
}

/** Lets a condition hold for a time; without a time until the GPU recovers, without a value not at all. */
export function holdFor<Name extends keyof Conditions>(
  gpu: GpuState,
  name: Name,
  value: Conditions[Name] | undefined,
  nowMs: number,
  seconds: number | undefined,
): void {
  if (value === undefined) return;
  const untilMs = seconds === undefined ? Infinity : nowMs + seconds * 1000;
  gpu.conditions = { ...gpu.conditions, [name]: { value, untilMs } };
}

/** Counts once, or each second from now on. */
export function grow(gpu: GpuState, by: Partial<Counts>, nowMs: number, seconds: number | undefined): void {
  if (seconds === undefined) addCounts(gpu, by);
  // The first is counted at the next second, the last at the end.
  else gpu.growing = [...gpu.growing, { by, untilMs: nowMs + seconds * 1000 + 1 }];
}

/** Ends what holds or grows; counts and job stay. */
export function recoverGpu(gpu: GpuState): void {
  gpu.conditions = {};
  gpu.growing = [];
  gpu.lastXid = 0;
}

/** What an exporter counts by itself, and forgets when it is started again. */
export function forgetWindows(gpu: GpuState): void {
  gpu.lastXid = 0;
  gpu.xids = [];
  gpu.clockSamples = [];
}

function toNvlinkCounts({ kind, errors }: EventOf<"nvlink">): Partial<Counts> {
  const counts = { nvlinkFlit: errors, nvlinkData: errors, nvlinkReplay: errors, nvlinkRecovery: errors };
  switch (kind) {
    case "all":
      return counts;
    case "crc-flit":
      return { nvlinkFlit: errors };
    case "crc-data":
      return { nvlinkData: errors };
    case "replay":
      return { nvlinkReplay: errors };
    case "recovery":
      return { nvlinkRecovery: errors };
  }
}
