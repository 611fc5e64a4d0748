import { loki, tempo } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import { collectorRecords } from "../../signals/recordings-telemetry.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "./exempt.ts";
import type { TelemetryThresholds } from "./thresholds.ts";

/** What gateways take in against what stores receive: the two are told by different programs. */
export const storedAlerts = (thresholds: TelemetryThresholds, { backends }: Inventory): readonly AlertDefinition[] => [
  ...(backends.includes("tempo") ? [spansNotStored(thresholds)] : []),
  ...(backends.includes("loki") ? [logsNotStored(thresholds)] : []),
];

const takenIn = (dataType: string) =>
  promql`sum(sum_over_time(${collectorRecords.accepted}{job="gateway", receiver="otlp", data_type="${dataType}"}[30m:5m]))`;

const spansNotStored = ({ itemsAtLeast }: TelemetryThresholds): AlertDefinition => ({
  name: "SpansNotStored",
  severity: "warning",
  meaning: "Gateways take spans in, yet Tempo has received none of them for half an hour; sampling alone keeps some.",
  summary: "Gateways took in {{ $value | humanize }} spans, and none reached Tempo.",
  query: promql`
    ${takenIn("traces")} > ${itemsAtLeast}
    unless on () (sum(increase(${tempo.spansReceived}[30m])) > 0)`,
  for: "5m",
  impact: "Traces are missing; metrics made from spans are not, because they are counted before sampling.",
  actions: [
    "A queue that waits has an alert of its own: act on that one first.",
    "No queue waits: the sampler drops everything. Check `sampling` of the environment, and the sampler's policies with `npm run render -- <stack>`.",
    "See whether gateways reach each other's peer port: spans of a trace meet there before they are sampled.",
  ],
  knobs: ["alerts.telemetry.itemsAtLeast"],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S0-71"],
});

const logsNotStored = ({ itemsAtLeast }: TelemetryThresholds): AlertDefinition => ({
  name: "LogsNotStored",
  severity: "warning",
  meaning: "Gateways take log records in, yet Loki has received none of them for half an hour.",
  summary: "Gateways took in {{ $value | humanize }} log records, and none reached Loki.",
  query: promql`
    ${takenIn("logs")} > ${itemsAtLeast}
    unless on () (sum(increase(${loki.linesReceived}[30m])) > 0)`,
  for: "5m",
  impact: "Logs are missing, kernel messages about GPUs among them.",
  actions: [
    "A queue that waits or data that was rejected has an alert of its own: act on that one first.",
    "Otherwise compare the logs pipeline that runs with the rendered one: `npm run render -- <stack>`.",
  ],
  knobs: ["alerts.telemetry.itemsAtLeast"],
  dashboard: "telemetry-pipeline",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S0-71"],
});
