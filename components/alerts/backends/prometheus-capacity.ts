import { prometheus } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";
import type { BackendsThresholds } from "./thresholds.ts";

const GIB = 1024 ** 3;
const SECONDS_PER_DAY = 86_400;

/** Prometheus near the end of its memory or disk (S3-63). */
export const capacityAlerts = (thresholds: BackendsThresholds): readonly AlertDefinition[] => [
  seriesHigh(thresholds),
  diskFilling(thresholds),
];

const seriesHigh = ({ prometheusSeries }: BackendsThresholds): AlertDefinition => ({
  name: "PrometheusSeriesHigh",
  severity: "warning",
  meaning: "Prometheus holds more series in memory than it was given memory for.",
  summary: "Prometheus {{ $labels.instance }} holds {{ $value | humanize }} series.",
  query: promql`${prometheus.headSeries} > ${prometheusSeries}`,
  for: "15m",
  impact: "It is ended for memory, reads its log for minutes, and is ended again; meanwhile nothing is judged.",
  actions: [
    "See what the environment should have: `npm run report -- <stack>`.",
    'More than that: find the metric, `topk(10, count by (__name__) ({__name__=~".+"}))`, and drop or aggregate it in the gateways.',
    "As planned: raise `prometheus.memoryMiB`, and this threshold with it.",
  ],
  knobs: ["alerts.backends.prometheusSeries"],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S3-63"],
});

const diskFilling = ({ prometheusDiskGiB, prometheusDiskDays }: BackendsThresholds): AlertDefinition => ({
  name: "PrometheusDiskFilling",
  severity: "warning",
  meaning: "Blocks, write-ahead log and chunks of Prometheus will outgrow their disk if they go on growing like today.",
  summary: "Prometheus {{ $labels.instance }} will need {{ $value | humanize1024 }}B within days.",
  query: promql`
    predict_linear(${prometheus.storageBytes}[12h], ${prometheusDiskDays * SECONDS_PER_DAY})
    + ${prometheus.walBytes} + ${prometheus.headChunkBytes} > ${prometheusDiskGiB * GIB}
    and deriv(${prometheus.storageBytes}[12h]) > 0`,
  for: "30m",
  impact: "On a full disk Prometheus stores nothing and judges nothing.",
  actions: [
    "Compare `prometheus.retention` with the growth a day: `npm run report -- <stack>`.",
    "Shorten the retention, drop series in the gateways, or give it a larger disk and raise the threshold.",
  ],
  knobs: ["alerts.backends.prometheusDiskGiB", "alerts.backends.prometheusDiskDays"],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S3-63"],
});
