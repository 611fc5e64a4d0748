import { mlx } from "../../signals/applications.ts";
import { countOf, promql, type Query, sumOf } from "../../signals/query.ts";
import type { SignalDefinition } from "../../signals/signal.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { WorkloadsThresholds } from "./thresholds.ts";

/** Models and plugins of mlx (S4 L121-123). */
export const modelAlerts = (thresholds: WorkloadsThresholds): readonly AlertDefinition[] => [
  accuracyLow(thresholds),
  driftHigh(thresholds),
  predictionSlow(thresholds),
  pluginSlow(thresholds),
];

/** A mean needs no bounds: SDKs cut at 0, 5, 10 … by default, where a P95 of 40 ms would read as 4.75 s. */
const meanOf = (histogram: SignalDefinition): Query =>
  promql`
    sum by (service_name) (rate(${sumOf(histogram)}[10m])) / sum by (service_name) (rate(${countOf(histogram)}[10m]))`;

const accuracyLow = ({ modelAccuracy }: WorkloadsThresholds): AlertDefinition => ({
  name: "ModelAccuracyLow",
  severity: "warning",
  meaning: "A model's accuracy is below what is asked of it.",
  summary: "Accuracy of the model of {{ $labels.service_name }} is {{ $value | humanizePercentage }}.",
  query: promql`min by (service_name, host_name) (${mlx.accuracy}) < ${modelAccuracy}`,
  for: "10m",
  impact: "Its answers are wrong more often than agreed.",
  actions: [
    "Look at data drift beside it: drift first, then accuracy, is a matter of data; accuracy alone is one of the model.",
    "A new version of the model: go back to the one before.",
  ],
  knobs: ["alerts.workloads.modelAccuracy"],
  dashboard: "ml-models",
  datadog: datadog`max(last_10m):min:${mlx.accuracy} by {service,host} < ${modelAccuracy}`,
  requirements: ["S4-48", "S4-55"],
});

const driftHigh = ({ dataDrift }: WorkloadsThresholds): AlertDefinition => ({
  name: "DataDriftHigh",
  severity: "warning",
  meaning: "Data has moved away from what the model was trained on.",
  summary: "Data drift of {{ $labels.service_name }} is {{ $value | humanize }}.",
  query: promql`max by (service_name, host_name) (${mlx.drift}) > ${dataDrift}`,
  for: "10m",
  impact: "Accuracy falls next.",
  actions: [
    "See when it began, and what changed at its source then.",
    "A fault of the source: mend it. A change that stays: train the model again with the new data.",
  ],
  knobs: ["alerts.workloads.dataDrift"],
  dashboard: "ml-models",
  datadog: datadog`min(last_10m):max:${mlx.drift} by {service,host} > ${dataDrift}`,
  requirements: ["S4-49", "S4-56"],
});

const predictionSlow = ({ predictionSeconds }: WorkloadsThresholds): AlertDefinition => ({
  name: "PredictionSlow",
  severity: "warning",
  meaning: "Predictions take longer than their callers can wait.",
  summary: "A prediction of {{ $labels.service_name }} takes {{ $value | humanizeDuration }} on average.",
  query: promql`${meanOf(mlx.predictionLatency)} > ${predictionSeconds}`,
  for: "5m",
  impact: "Callers wait, or give up.",
  actions: [
    "Look at GPU throttling, memory and utilisation of its host for the same minutes.",
    "More requests than before: add a server. The same number: compare versions of the model.",
  ],
  knobs: ["alerts.workloads.predictionSeconds"],
  dashboard: "ml-models",
  datadog: {
    exempt:
      "Datadog keeps a histogram as a distribution, whose mean weighs neither hosts nor minutes by their requests",
  },
  requirements: ["S4-48", "S4-54"],
});

const pluginSlow = ({ pluginSeconds }: WorkloadsThresholds): AlertDefinition => ({
  name: "PluginSlow",
  severity: "warning",
  meaning: "Plugins run for longer than their pipeline has time.",
  summary: "A plugin run of {{ $labels.service_name }} takes {{ $value | humanizeDuration }} on average.",
  query: promql`${meanOf(mlx.pluginDuration)} > ${pluginSeconds}`,
  for: "5m",
  impact: "The pipeline behind it waits.",
  actions: [
    "Open a slow trace of `plugin.execute`: the span below it that took the time is the one to look at.",
    "A plugin that waits for another service: look at that one's latency.",
  ],
  knobs: ["alerts.workloads.pluginSeconds"],
  dashboard: "ml-models",
  datadog: {
    exempt: "Datadog keeps a histogram as a distribution, whose mean weighs neither hosts nor minutes by their runs",
  },
  requirements: ["S4-57"],
});
