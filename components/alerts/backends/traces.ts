import { jaeger, tempo } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";
import type { BackendsThresholds } from "./thresholds.ts";

const GIB = 1024 ** 3;

/** Stores of traces. */
export const traceAlerts = (thresholds: BackendsThresholds, { backends }: Inventory): readonly AlertDefinition[] => [
  ...(backends.includes("tempo") ? [tempoDiscards, tempoStorageFailing] : []),
  ...(backends.includes("jaeger") ? [jaegerStorageHigh(thresholds)] : []),
];

const tempoDiscards: AlertDefinition = {
  name: "TempoSpansDiscarded",
  severity: "warning",
  meaning: "Tempo throws spans away.",
  summary: "Tempo discards spans: {{ $labels.reason }}.",
  query: promql`sum by (job, instance, reason) (increase(${tempo.discardedSpans}[10m])) > 0`,
  for: "5m",
  impact: "Traces have holes, or are missing.",
  actions: [
    "`rate_limited` or `live_traces_exceeded`: more comes in than was planned; lower sampling, or raise Tempo's limits.",
    "`trace_too_large`: one trace never ends. Find it by its service, and split the work into traces joined by links.",
    "`unknown_error`: read Tempo's log.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

const tempoStorageFailing: AlertDefinition = {
  name: "TempoStorageFailing",
  severity: "warning",
  meaning: "Tempo cannot write or compact its blocks.",
  summary: "Tempo {{ $labels.instance }} cannot write or compact blocks.",
  query: promql`increase(${tempo.flushFailures}[15m]) > 0 or increase(${tempo.compactionErrors}[1h]) > 1`,
  for: "5m",
  impact: "Traces stay in memory and in its log until it ends or its disk is full.",
  actions: [
    "Look for a full disk: `df -h <data directory>`.",
    "With object storage: test the bucket and its credentials; Tempo's log quotes the answer.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

const jaegerStorageHigh = ({ jaegerDiskGiB }: BackendsThresholds): AlertDefinition => ({
  name: "JaegerStorageHigh",
  severity: "warning",
  meaning: "Jaeger's store has outgrown the disk meant for it.",
  summary: "Jaeger's store holds {{ $value | humanize1024 }}B.",
  query: promql`
    sum by (job, instance) (${jaeger.lsmBytes}) + sum by (job, instance) (${jaeger.valueLogBytes})
    > ${jaegerDiskGiB * GIB}`,
  for: "15m",
  impact: "On a full disk Jaeger takes no spans; gateways keep them until their queues are full.",
  actions: [
    "Shorten `jaeger.retention`, or lower sampling; space is freed as spans grow old.",
    "Give it a larger disk, and raise the threshold.",
  ],
  knobs: ["alerts.backends.jaegerDiskGiB"],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
});
