import { promql } from "../../signals/query.ts";
import { collectorRecords } from "../../signals/recordings-telemetry.ts";
import { collector } from "../../signals/collector.ts";
import type { AlertDefinition } from "../alert.ts";

/** An agent tries its gateways in turn; only what the last one in line rejects is lost. */
const ONE_OF_SEVERAL = ".*/gateway_[0-9]+";

/** Data that does not get to where it should. */
export const deliveryAlerts = (): readonly AlertDefinition[] => [dataLost, sendRejected, exportStalled, onFallback];

const dataLost: AlertDefinition = {
  name: "CollectorDataLost",
  severity: "critical",
  meaning: "A collector's queue to a destination is full, and new data is thrown away.",
  summary: "{{ $labels.instance }} loses {{ $labels.data_type }} for {{ $labels.exporter }}: its queue is full.",
  query: promql`${collectorRecords.overflowed} > 0`,
  impact: "What is thrown away cannot be had back; the other destinations still get it.",
  actions: [
    "Bring the destination that the exporter names back: the queue drains by itself.",
    "It is up: look at its own alerts; it may take data more slowly than it comes.",
    "Give the queue more disk for the time being: `gateways.queueMiB` for a gateway, then `npm run up -- <stack>`.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
  requirements: ["S0-71"],
};

const sendRejected: AlertDefinition = {
  name: "CollectorSendRejected",
  severity: "warning",
  meaning: "A destination rejects data for good, so that trying again is of no use and the collector drops it.",
  summary: "{{ $labels.exporter }} rejected {{ $labels.data_type }} of {{ $labels.instance }}.",
  query: promql`${collectorRecords.rejected}{exporter!~"${ONE_OF_SEVERAL}"} > 0`,
  for: "2m",
  impact: "The rejected spans, metric points or log records are lost at that destination.",
  actions: [
    "Read the reason in the collector's log: it quotes the destination's answer.",
    "`401` or `403`: renew the token or certificate. `400`: samples too old or of two types under one name; see the destination's alerts.",
    "`404` or `405`: the address of an external backend is wrong: `prometheus.external.url` or `greptimedb.external.url`.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
  requirements: ["S0-71"],
};

// A failed attempt that is tried again counts nowhere: with retries without end, `send_failed` stays 0 while a
// destination is down. What shows is a queue that holds something and hands nothing on.
const exportStalled: AlertDefinition = {
  name: "CollectorExportStalled",
  severity: "warning",
  meaning: "A collector has data waiting for a destination, and the destination has taken none of it for five minutes.",
  summary: "{{ $labels.exporter }} takes no {{ $labels.data_type }} from {{ $labels.instance }}.",
  query: promql`
    min by (job, instance, host_name, exporter, data_type) (
      min_over_time(${collector.queueSize}{job=~"agent|gateway"}[5m])
    ) > 0
    unless on (job, instance, host_name, exporter, data_type) (${collectorRecords.sent} > 0)`,
  for: "3m",
  impact: "Nothing is lost yet: the data is on disk, and lost from when the queue is full.",
  actions: [
    "The exporter names the destination: see whether it runs and answers, `npm run verify -- <stack>`.",
    "Read the collector's log for the reason: a name that does not resolve, a refused connection, a certificate that expired.",
    "See how much time is left: queue in use and its growth on the dashboard.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "gateways' own metrics are fetched by Prometheus alone, and half a pipeline watched looks like a whole one",
  },
  requirements: ["S0-71"],
};

const onFallback: AlertDefinition = {
  name: "AgentGatewayFailing",
  severity: "warning",
  meaning: "An agent fails to deliver to one of its gateways and sends to another.",
  summary: "Agent {{ $labels.instance }} cannot deliver {{ $labels.data_type }} to {{ $labels.exporter }}.",
  query: promql`${collectorRecords.rejected}{job="agent", exporter=~"${ONE_OF_SEVERAL}"} > 0`,
  for: "15m",
  impact: "The agent works without a spare: if the other gateway fails, its data waits on disk.",
  actions: [
    "A gateway that is down has an alert of its own: act on that one first.",
    "Only this agent: test the way to the gateway's port from its host, and read the agent's log for TLS and token errors.",
  ],
  dashboard: "telemetry-pipeline",
  datadog: {
    exempt: "it holds when every five minutes of a quarter of an hour had a failure: a monitor has one window",
  },
};
