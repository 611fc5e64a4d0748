import { prometheus } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { NEVER_PASSES_A_GATEWAY } from "./exempt.ts";
import type { TelemetryThresholds } from "./thresholds.ts";

const findLabel =
  'Find the metric and label: `topk(10, count by (__name__) ({__name__=~".+"}))`, or Prometheus\' page Status, TSDB status.';
const dropLabel = "Drop the metric in the gateways with `metrics.drop`, `npm run up -- <stack>`; then mend its source.";

/** More and more series: a label that takes ever new values. */
export const seriesAlerts = (thresholds: TelemetryThresholds): readonly AlertDefinition[] => [
  growing(thresholds),
  churning(thresholds),
];

const growing = ({ seriesGrowth, seriesAtLeast }: TelemetryThresholds): AlertDefinition => ({
  name: "SeriesGrowing",
  severity: "warning",
  meaning: "Prometheus holds far more series than a day ago.",
  summary: "{{ $labels.instance }} holds {{ $value | humanize }} times as many series as a day ago.",
  query: promql`
    ${prometheus.headSeries} / ${prometheus.headSeries} offset 1d > ${seriesGrowth}
    and ${prometheus.headSeries} > ${seriesAtLeast}`,
  for: "30m",
  impact: "Memory and disk grow with it, until Prometheus is ended and every alert with it.",
  actions: ["More hosts or GPUs than yesterday: nothing to do.", findLabel, dropLabel],
  knobs: ["alerts.telemetry.seriesGrowth", "alerts.telemetry.seriesAtLeast"],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S3-63"],
});

const churning = ({ newSeriesPerSecond }: TelemetryThresholds): AlertDefinition => ({
  name: "SeriesChurning",
  severity: "warning",
  meaning: "New series appear all the time, even though as many end: a label holds an identifier.",
  summary: "{{ $labels.instance }} sees {{ $value | humanize }} new series a second.",
  query: promql`rate(${prometheus.headSeriesCreated}[15m]) > ${newSeriesPerSecond}`,
  for: "30m",
  impact: "Every block's index grows, queries over days become slow, memory follows.",
  actions: [findLabel, dropLabel, "Look for programs that restart again and again: each start brings new series."],
  knobs: ["alerts.telemetry.newSeriesPerSecond"],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S3-63"],
});
