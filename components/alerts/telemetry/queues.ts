import { collector } from "../../signals/collector.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { TelemetryThresholds } from "./thresholds.ts";

const OURS = 'job=~"agent|gateway"';
const QUEUE = "job, instance, host_name, exporter, data_type";

/** Queues on their way to losing data. */
export const queueAlerts = (thresholds: TelemetryThresholds): readonly AlertDefinition[] => [
  nearlyFull(thresholds),
  filling(thresholds),
];

const nearlyFull = ({ queueFull }: TelemetryThresholds): AlertDefinition => ({
  name: "CollectorQueueNearlyFull",
  severity: "warning",
  meaning: "A collector's queue to a destination is nearly full.",
  summary: "Queue of {{ $labels.instance }} for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full.",
  query: promql`
    max by (${QUEUE}) (${collector.queueSize}{${OURS}} / ${collector.queueCapacity}{${OURS}}) > ${queueFull}`,
  for: "5m",
  impact: "When it is full, new data for that destination is lost; an agent's sources have to wait.",
  actions: [
    "Bring the destination that the exporter names back, or find out why it is slow.",
    "Give the queue more disk: `gateways.queueMiB` for a gateway, then `npm run up -- <stack>`; what it holds is kept.",
  ],
  knobs: ["alerts.telemetry.queueFull"],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
});

const filling = ({ queueHours }: TelemetryThresholds): AlertDefinition => ({
  name: "CollectorQueueFilling",
  severity: "warning",
  meaning: "A collector's queue has grown for half an hour, and will be full soon if it goes on so.",
  summary: "Queue of {{ $labels.instance }} for {{ $labels.exporter }} will be full within hours.",
  // The tenth keeps out queues that go up and down near empty, whose slope means nothing.
  query: promql`
    max by (${QUEUE}) (
      predict_linear(${collector.queueSize}{${OURS}}[30m], ${queueHours * 3600}) > ${collector.queueCapacity}{${OURS}}
      and ${collector.queueSize}{${OURS}} > 0.1 * ${collector.queueCapacity}{${OURS}}
    )`,
  for: "10m",
  impact: "Data is lost from the moment the queue is full.",
  actions: [
    "Compare what comes in with what the destination takes: more comes in, or the destination has become slower?",
    "A source that sends more than it should: find the service on the dashboard, lower its level or sampling.",
    "Give the queue more disk meanwhile: `gateways.queueMiB` for a gateway.",
  ],
  knobs: ["alerts.telemetry.queueHours"],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
});
