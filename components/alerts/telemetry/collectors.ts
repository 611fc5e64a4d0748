import { collector } from "../../signals/collector.ts";
import { promql } from "../../signals/query.ts";
import { collectorRecords } from "../../signals/recordings-telemetry.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import type { TelemetryThresholds } from "./thresholds.ts";

/** Collectors short of memory, or not staying up. */
export const collectorAlerts = (thresholds: TelemetryThresholds, inventory: Inventory): readonly AlertDefinition[] => [
  refusing,
  memoryHigh(thresholds, inventory),
  restarting(thresholds),
];

const refusing: AlertDefinition = {
  name: "CollectorRefusing",
  severity: "warning",
  meaning: "A collector turns data away, mostly because its memory limiter is at work.",
  summary: "{{ $labels.instance }} refuses {{ $labels.data_type }} from {{ $labels.receiver }}.",
  query: promql`${collectorRecords.refused} > 0`,
  for: "5m",
  impact: "Senders try again and wait; those without a queue of their own, such as most SDKs, soon drop.",
  actions: [
    "Compare the collector's memory with its limit: with 0.6 of it in use the limiter refuses.",
    "See which service sends more than before; lower its level or sampling.",
    "Give it more: `gateways.memoryMiB` for a gateway, then `npm run up -- <stack>`.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
  requirements: ["S0-71"],
};

const memoryHigh = (
  { memoryShare }: TelemetryThresholds,
  { memoryMiB: { gateway, agent } }: Inventory,
): AlertDefinition => ({
  name: "CollectorMemoryHigh",
  severity: "warning",
  meaning: "A collector's memory is near its hard limit, past the point at which its own limiter should hold it.",
  summary: "{{ $labels.job }} {{ $labels.instance }} holds {{ $value | humanize1024 }}B, near its limit.",
  query: promql`
    max by (job, instance, host_name) (
      ${collector.memory}{job="gateway"} > ${Math.round(memoryShare * gateway * 1024 ** 2)}
      or ${collector.memory}{job="agent"} > ${Math.round(memoryShare * agent * 1024 ** 2)}
    )`,
  for: "5m",
  impact: "At the limit the kernel ends it: what is on disk is kept, what is in memory is lost.",
  actions: [
    "Give it more: `gateways.memoryMiB` for a gateway, then `npm run up -- <stack>`.",
    "On a gateway, look for a service that sends more spans than before: traces wait ten seconds in memory to be sampled.",
  ],
  knobs: ["alerts.telemetry.memoryShare"],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
  requirements: ["S2-66"],
});

const restarting = ({ restartsPerHour }: TelemetryThresholds): AlertDefinition => ({
  name: "CollectorRestarting",
  severity: "warning",
  meaning: "A collector has restarted several times within an hour.",
  summary: "{{ $labels.job }} {{ $labels.instance }} restarted {{ $value }} times within an hour.",
  query: promql`
    max by (job, instance, host_name) (resets(${collector.uptime}{job=~"agent|gateway"}[1h])) >= ${restartsPerHour}`,
  impact: "Each time, traces waiting to be sampled and counters held in memory are lost.",
  actions: [
    "Read why it ended: `journalctl -u gpu-observability-agent`, `docker inspect --format '{{.State.OOMKilled}}' gpu-observability-<stack>-<collector>` or `kubectl describe pod <collector>`.",
    "For memory: raise `gateways.memoryMiB` for a gateway. For a panic: keep the log, and report it upstream.",
  ],
  knobs: ["alerts.telemetry.restartsPerHour"],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
});
