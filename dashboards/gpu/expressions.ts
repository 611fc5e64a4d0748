import { gpu } from "../../components/signals/gpu.ts";
import { type Query, promql } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import { ON_GPU } from "../library/variables.ts";

/** Names a GPU everywhere: numbers repeat on every host. */
export const GPU_LEGEND = "{{host_name}} GPU {{gpu}}";
/** Nanoseconds in a second: throttling is counted in them. */
const NANOSECONDS = 1_000_000_000;

/** One value per GPU. Instances of a partitioned GPU (MIG) repeat what the board measures, so the greatest is taken. */
export function perGpu(signal: SignalDefinition): Query {
  return promql`max by (host_name, gpu) (${signal}{${ON_GPU}})`;
}

/** What instances have each for themselves, added up once per GPU. */
export function sumPerGpu(signal: SignalDefinition): Query {
  return promql`sum by (host_name, gpu) (${signal}{${ON_GPU}})`;
}

/** Growth a second of a counter of the board. */
export function ratePerGpu(signal: SignalDefinition): Query {
  return promql`max by (host_name, gpu) (rate(${signal}{${ON_GPU}}[$__rate_interval]))`;
}

/** Growth over the time range shown. */
export function increasePerGpu(signal: SignalDefinition): Query {
  return promql`max by (host_name, gpu) (increase(${signal}{${ON_GPU}}[$__range]))`;
}

/** How busy a GPU is: DCGM's utilisation, which a partitioned GPU lacks, else its graphics engine's. */
export const utilization = promql`
  max by (host_name, gpu) (${gpu.utilization}{${ON_GPU}})
  or avg by (host_name, gpu) (${gpu.graphicsActive}{${ON_GPU}})`;

/** Share of memory in use, over all instances. */
export const memoryShare = promql`
  sum by (host_name, gpu) (${gpu.memoryUsed}{${ON_GPU}}) / sum by (host_name, gpu) (${gpu.memoryTotal}{${ON_GPU}})`;

/** Share of time a GPU was slowed down for one reason. */
export function throttledBy(reason: SignalDefinition): Query {
  return promql`${ratePerGpu(reason)} / ${NANOSECONDS}`;
}

/** Share of time a GPU was slowed down to keep it cool or within its power. */
export const throttled = promql`
  max by (host_name, gpu) (
    rate(${gpu.thermalThrottle}{${ON_GPU}}[$__rate_interval]) + rate(${gpu.powerThrottle}{${ON_GPU}}[$__rate_interval])
  ) / ${NANOSECONDS}`;

/** Xids of the exporter's window, by code; a series without a code only says that there was none. */
export const xids = promql`max by (host_name, gpu, xid) (${gpu.xids}{${ON_GPU}, xid!=""})`;

/** Reasons DCGM counts throttling by. */
export const THROTTLE_REASONS = {
  power: gpu.powerThrottle,
  thermal: gpu.thermalThrottle,
  "board limit": gpu.boardLimitThrottle,
  "sync boost": gpu.syncBoostThrottle,
  reliability: gpu.reliabilityThrottle,
  "low utilisation": gpu.lowUtilizationThrottle,
} as const satisfies Readonly<Record<string, SignalDefinition>>;

/** What a GPU does, as one number: 2 while the exporter's window has an Xid, else 1 while throttled, else 0. */
export const state = promql`
  max by (host_name, gpu) (${gpu.xids}{${ON_GPU}, xid!=""} > 0) * 0 + 2
  or (${throttled} > bool 0)`;

/** The words for {@link state}. */
export const STATES = {
  "0": { text: "Working", state: "ok" },
  "1": { text: "Throttled", state: "warning" },
  "2": { text: "Xid", state: "critical" },
} as const;
