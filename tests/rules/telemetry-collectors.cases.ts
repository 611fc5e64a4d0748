import { absent, growing, type RuleCase, steady, andThen } from "./rule-case.ts";

const GATEWAY = 'job="gateway", instance="gateway-a:8889"';
const AGENT = 'job="agent", instance="gpu-1-agent", host_name="gpu-1"';
const TO_A = 'exporter="otlp_http/prometheus-a"';
const toA = { job: "gateway", instance: "gateway-a:8889", exporter: "otlp_http/prometheus-a", data_type: "metrics" };
const queue = (kind: "size" | "capacity", who = GATEWAY) =>
  `otelcol_exporter_queue_${kind}{${who}, ${TO_A}, data_type="metrics"}`;
const delivery: readonly RuleCase[] = [
  {
    alert: "CollectorDataLost",
    title: "a queue overflows for the first time, and its counter begins",
    series: {
      [`otelcol_exporter_enqueue_failed_metric_points_total{${GATEWAY}, ${TO_A}}`]: andThen(absent, "10m", steady(500)),
    },
    at: "12m",
    fires: [toA],
  },
  {
    alert: "CollectorDataLost",
    title: "a queue overflowed an hour ago",
    series: { [`otelcol_exporter_enqueue_failed_metric_points_total{${GATEWAY}, ${TO_A}}`]: steady(500) },
    at: "1h",
    fires: [],
  },
  {
    alert: "CollectorSendRejected",
    title: "one destination of two rejects what it is sent",
    series: {
      [`otelcol_exporter_send_failed_metric_points_total{${GATEWAY}, ${TO_A}}`]: andThen(steady(0), "10m", growing(60)),
      [`otelcol_exporter_send_failed_metric_points_total{${GATEWAY}, exporter="otlp_http/prometheus-b"}`]: steady(0),
    },
    at: "15m",
    fires: [toA],
  },
  {
    alert: "CollectorSendRejected",
    title: "an agent's first gateway fails, and its second takes the data",
    series: {
      [`otelcol_exporter_send_failed_metric_points_total{${AGENT}, exporter="otlp_grpc/gateway_1"}`]: growing(60),
      [`otelcol_exporter_send_failed_metric_points_total{${AGENT}, exporter="failover/metrics"}`]: steady(0),
    },
    at: "15m",
    fires: [],
  },
  {
    alert: "CollectorExportStalled",
    title: "a destination takes nothing while its queue holds data, and no attempt counts as failed",
    series: {
      [queue("size")]: andThen(steady(0), "10m", growing(1000, 10)),
      [`otelcol_exporter_sent_metric_points_total{${GATEWAY}, ${TO_A}}`]: andThen(growing(600), "10m", steady(6000)),
    },
    at: "20m",
    fires: [toA],
  },
  {
    alert: "CollectorExportStalled",
    title: "a queue is never empty because data flows through it",
    series: {
      [queue("size")]: steady(1000),
      [`otelcol_exporter_sent_metric_points_total{${GATEWAY}, ${TO_A}}`]: growing(600),
    },
    at: "20m",
    fires: [],
  },
  {
    alert: "AgentGatewayFailing",
    title: "an agent cannot deliver to its first gateway",
    series: {
      [`otelcol_exporter_send_failed_spans_total{${AGENT}, exporter="otlp_grpc/gateway_1"}`]: growing(60),
    },
    at: "25m",
    fires: [
      {
        job: "agent",
        instance: "gpu-1-agent",
        host_name: "gpu-1",
        exporter: "otlp_grpc/gateway_1",
        data_type: "traces",
      },
    ],
  },
  {
    alert: "AgentGatewayFailing",
    title: "an agent's gateway restarts",
    series: {
      [`otelcol_exporter_send_failed_spans_total{${AGENT}, exporter="otlp_grpc/gateway_1"}`]: andThen(
        steady(0),
        "5m",
        andThen(growing(60), "2m", steady(120)),
      ),
    },
    at: "25m",
    fires: [],
  },
];

const queues: readonly RuleCase[] = [
  {
    alert: "CollectorQueueNearlyFull",
    title: "a queue is nine tenths full",
    series: { [queue("size")]: steady(90_000), [queue("capacity")]: steady(100_000) },
    at: "10m",
    fires: [toA],
  },
  {
    alert: "CollectorQueueNearlyFull",
    title: "a queue is half full",
    series: { [queue("size")]: steady(50_000), [queue("capacity")]: steady(100_000) },
    at: "10m",
    fires: [],
  },
  {
    alert: "CollectorQueueFilling",
    title: "a queue grows so that it is full within two hours",
    series: { [queue("size")]: growing(800), [queue("capacity")]: steady(100_000) },
    at: "40m",
    fires: [toA],
  },
  {
    alert: "CollectorQueueFilling",
    title: "a queue is large, and no longer grows",
    series: { [queue("size")]: steady(40_000), [queue("capacity")]: steady(100_000) },
    at: "40m",
    fires: [],
  },
  {
    alert: "CollectorQueueFilling",
    title: "a queue near empty grows from nothing",
    series: { [queue("size")]: growing(800, 0), [queue("capacity")]: steady(100_000_000) },
    at: "40m",
    fires: [],
  },
];

const collectors: readonly RuleCase[] = [
  {
    alert: "CollectorRefusing",
    title: "a gateway's memory limiter turns spans away",
    series: { [`otelcol_receiver_refused_spans_total{${GATEWAY}, receiver="otlp", transport="grpc"}`]: growing(10) },
    at: "12m",
    fires: [{ job: "gateway", instance: "gateway-a:8889", receiver: "otlp", data_type: "traces" }],
  },
  {
    alert: "CollectorRefusing",
    title: "Jaeger, which is a collector too, turns spans away",
    series: {
      'otelcol_receiver_refused_spans_total{job="jaeger", instance="jaeger:8886", receiver="otlp", transport="grpc"}':
        growing(10),
    },
    at: "12m",
    fires: [],
  },
  {
    alert: "CollectorMemoryHigh",
    title: "a gateway holds 500 MB of its 512 MiB",
    series: { [`otelcol_process_memory_rss_bytes{${GATEWAY}}`]: steady(500e6) },
    at: "10m",
    fires: [{ job: "gateway", instance: "gateway-a:8889" }],
  },
  {
    alert: "CollectorMemoryHigh",
    title: "an agent holds 100 MB",
    series: { [`otelcol_process_memory_rss_bytes{${AGENT}}`]: steady(100e6) },
    at: "10m",
    fires: [],
  },
  {
    alert: "CollectorRestarting",
    title: "a gateway restarts every twenty minutes",
    series: { [`otelcol_process_uptime_seconds_total{${GATEWAY}}`]: (seconds) => seconds % 1200 },
    at: "70m",
    fires: [{ job: "gateway", instance: "gateway-a:8889" }],
  },
  {
    alert: "CollectorRestarting",
    title: "a gateway was restarted once",
    series: { [`otelcol_process_uptime_seconds_total{${GATEWAY}}`]: (seconds) => seconds % 2400 },
    at: "70m",
    fires: [],
  },
];

export const collectorCases: readonly RuleCase[] = [...delivery, ...queues, ...collectors];
