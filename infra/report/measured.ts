/**
 * Numbers the report rests on that follow from no definition of ours. All of them were read off the running `local`
 * environment (2 hosts, 16 simulated GPUs, 5 s between scrapes); what could not be measured there says so.
 */

/** Series Prometheus or an agent adds to every scrape: up, duration, samples, samples kept, series added. */
export const SERIES_PER_SCRAPE = 5;

/** node exporter with the collectors of `components/gpu-host/render-node-exporter.ts`, by what they count. */
export const NODE_EXPORTER = {
  fixed: 208,
  /** By metric, so that one the gateways drop can be left out. */
  perCpu: { node_cpu_seconds_total: 8, node_cpu_guest_seconds_total: 2 },
  perDisk: 18,
  perNetwork: 17,
  perMount: 9,
  perNumaNode: 42,
  /** Not measured: frequencies and governors of a processor that states them. */
  perScaledCpu: 8,
  /** Not measured: counters of one InfiniBand port in /sys/class/infiniband. */
  perInfinibandPort: 27,
  /** Not measured: hwmon's reading, limits and alarm of one sensor. */
  perSensor: 4,
} as const;

/** The agent's own readings of its host (hostmetrics). */
export const HOST_METRICS = {
  fixed: 33,
  perCpu: { "system.cpu.time": 8, "system.cpu.utilization": 8 },
  perDisk: 11,
  perNetwork: 8,
  perVolume: 6,
} as const;

/** What one program says of itself, without {@link SERIES_PER_SCRAPE}. */
export const SELF_TELEMETRY = {
  /** Has passed on metrics, logs and spans; 79 before its first span. */
  agent: 97,
  gateway: 67,
  prometheus: 934,
  alertmanager: 497,
  tempo: 1189,
  loki: 2335,
  jaeger: 34,
} as const;

/** Series of one rule group in Prometheus' own metrics. */
export const SERIES_PER_RULE_GROUP = 11;
/** ALERTS and ALERTS_FOR_STATE. */
export const SERIES_PER_FIRING_ALERT = 2;
/** Calls, and the histogram of durations: 18 buckets, sum and count. */
export const SERIES_PER_OPERATION = 21;

/** Seconds between two points of span metrics (gateway) and of an application's own (the SDKs' default). */
export const PUSH_SECONDS = { spanMetrics: 15, applications: 60 } as const;

/** Kernel lines a second of a healthy host. */
export const KERNEL_LINES_PER_SECOND = 0.05;

/** Bytes of one item on disk. */
export const STORED_BYTES = {
  /** 0.95 in chunks, and the index; Prometheus' documentation says 1 to 2. */
  prometheusSample: 1.3,
  /** In the write-ahead log, which holds {@link WRITE_AHEAD_SECONDS}. */
  prometheusLogSample: 5.6,
  /** 174 as received; a block of 2220 spans took 182623. */
  tempoSpan: 82,
  /** 2220 spans and their indexes took 2.6 MiB, what Badger keeps free for more included: at most this. */
  jaegerSpan: 1200,
  /** A line of 250 bytes with 190 of structured metadata, compressed 3.7 times. */
  lokiLine: 120,
  /** Not measured, because its program could not be had: columns compress like the others' blocks. */
  greptimedbSample: 2,
  greptimedbSpan: 150,
  greptimedbLine: 120,
} as const;

/** The head block and its log reach back one and a half blocks of two hours. */
export const WRITE_AHEAD_SECONDS = 10_800;
/** Bytes of a log line before compression, structured metadata included. */
export const LINE_BYTES = 440;
