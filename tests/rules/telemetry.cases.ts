import { absent, growing, type RuleCase, steady, andThen } from "./rule-case.ts";

import { collectorCases } from "./telemetry-collectors.cases.ts";

const GATEWAY = 'job="gateway", instance="gateway-a:8889"';
const AGENT = 'job="agent", instance="gpu-1-agent", host_name="gpu-1"';
const PROMETHEUS = 'job="prometheus", instance="prometheus-a:9090"';
const prometheus = { job: "prometheus", instance: "prometheus-a:9090" };
const EVERYTHING_IS_SCRAPED = Object.fromEntries(
  [
    ...["gateway", "prometheus", "alertmanager"].flatMap((job) => [`${job}-a`, `${job}-b`].map((at) => [job, at])),
    ...["tempo", "loki", "jaeger", "greptimedb", "grafana"].map((job) => [job, job]),
  ].map(([job = "", instance = ""]) => [`up{job="${job}", instance="${instance}"}`, steady(1)]),
);

const availability: readonly RuleCase[] = [
  { alert: "Watchdog", title: "fires without any series", series: {}, at: "1m", fires: [{}] },
  {
    alert: "Watchdog",
    title: "fires still when every target is down",
    series: { [`up{${GATEWAY}}`]: steady(0) },
    at: "1h",
    fires: [{}],
  },
  {
    alert: "GatewayDown",
    title: "one of two gateways stops answering",
    series: { [`up{${GATEWAY}}`]: andThen(steady(1), "5m", steady(0)), 'up{job="gateway", instance="b"}': steady(1) },
    at: "8m",
    fires: [{ job: "gateway", instance: "gateway-a:8889" }],
  },
  {
    alert: "GatewayDown",
    title: "a gateway restarts within a minute",
    series: { [`up{${GATEWAY}}`]: (seconds) => (seconds >= 300 && seconds < 360 ? 0 : 1) },
    at: "8m",
    fires: [],
  },
  {
    alert: "AllGatewaysDown",
    title: "both gateways stop answering",
    series: { [`up{${GATEWAY}}`]: steady(0), 'up{job="gateway", instance="b"}': steady(0) },
    at: "5m",
    fires: [{}],
  },
  { alert: "AllGatewaysDown", title: "there is no series of any gateway", series: {}, at: "5m", fires: [{}] },
  {
    alert: "AllGatewaysDown",
    title: "one gateway still answers",
    series: { [`up{${GATEWAY}}`]: steady(0), 'up{job="gateway", instance="b"}': steady(1) },
    at: "5m",
    fires: [],
  },
  {
    alert: "ScrapeTargetMissing",
    title: "one gateway and Loki are no longer scraped",
    series: {
      ...EVERYTHING_IS_SCRAPED,
      'up{job="gateway", instance="gateway-b"}': absent,
      'up{job="loki", instance="loki"}': absent,
    },
    at: "10m",
    fires: [{ job: "gateway" }, { job: "loki" }],
  },
  {
    alert: "ScrapeTargetMissing",
    title: "every part is scraped, though one is down",
    series: { ...EVERYTHING_IS_SCRAPED, 'up{job="loki", instance="loki"}': steady(0) },
    at: "10m",
    fires: [],
  },
];

const freshness: readonly RuleCase[] = [
  {
    alert: "ScrapeGaps",
    title: "every fourth minute a target does not answer",
    series: { [`up{${AGENT}}`]: (seconds) => (seconds % 240 < 60 ? 0 : 1) },
    at: "45m",
    fires: [{ job: "agent", instance: "gpu-1-agent", host_name: "gpu-1" }],
  },
  {
    alert: "ScrapeGaps",
    title: "a target was away for three minutes, once",
    series: { [`up{${AGENT}}`]: (seconds) => (seconds >= 1200 && seconds < 1380 ? 0 : 1) },
    at: "35m",
    fires: [],
  },
  {
    alert: "HostDataLate",
    title: "a host's metrics come every five minutes",
    series: { [`up{${AGENT}}`]: (seconds) => (seconds % 300 === 0 ? 1 : undefined) },
    at: "29m",
    fires: [{ host_name: "gpu-1" }],
  },
  {
    alert: "HostDataLate",
    title: "a host's metrics come in time",
    series: { [`up{${AGENT}}`]: steady(1) },
    at: "29m",
    fires: [],
  },
  {
    alert: "HostDataLate",
    title: "a host falls silent, of which another alert tells",
    series: { [`up{${AGENT}}`]: andThen(steady(1), "20m", absent) },
    at: "30m",
    fires: [],
  },
];

const ACCEPTED_SPANS = `otelcol_receiver_accepted_spans_total{${GATEWAY}, receiver="otlp", transport="grpc"}`;
const ACCEPTED_RECORDS = `otelcol_receiver_accepted_log_records_total{${GATEWAY}, receiver="otlp", transport="grpc"}`;
const TEMPO = 'tempo_distributor_spans_received_total{job="tempo", instance="tempo", tenant="single-tenant"}';
const LOKI = 'loki_distributor_lines_received_total{job="loki", instance="loki", tenant="fake"}';

const stored: readonly RuleCase[] = [
  {
    alert: "SpansNotStored",
    title: "the sampler drops every span",
    series: { [ACCEPTED_SPANS]: growing(1000), [TEMPO]: steady(10) },
    at: "50m",
    fires: [{}],
  },
  {
    alert: "SpansNotStored",
    title: "a tenth of the spans is kept",
    series: { [ACCEPTED_SPANS]: growing(1000), [TEMPO]: growing(100) },
    at: "50m",
    fires: [],
  },
  {
    alert: "SpansNotStored",
    title: "hardly any span comes in",
    series: { [ACCEPTED_SPANS]: growing(1), [TEMPO]: steady(10) },
    at: "50m",
    fires: [],
  },
  {
    alert: "LogsNotStored",
    title: "log records come in and Loki does not even run",
    series: { [ACCEPTED_RECORDS]: growing(1000) },
    at: "50m",
    fires: [{}],
  },
  {
    alert: "LogsNotStored",
    title: "Loki receives what comes in",
    series: { [ACCEPTED_RECORDS]: growing(1000), [LOKI]: growing(1000) },
    at: "50m",
    fires: [],
  },
];

const HEAD = `prometheus_tsdb_head_series{${PROMETHEUS}}`;
const CREATED = `prometheus_tsdb_head_series_created_total{${PROMETHEUS}}`;
const series: readonly RuleCase[] = [
  {
    alert: "SeriesGrowing",
    title: "a label doubles the series within a day",
    series: { [HEAD]: andThen(steady(40_000), "24h", steady(80_000)) },
    at: "25h",
    fires: [prometheus],
  },
  {
    alert: "SeriesGrowing",
    title: "a small environment doubles",
    series: { [HEAD]: andThen(steady(4000), "24h", steady(8000)) },
    at: "25h",
    fires: [],
  },
  {
    alert: "SeriesChurning",
    title: "two hundred series begin each second",
    series: { [CREATED]: growing(12_000) },
    at: "1h",
    fires: [prometheus],
  },
  {
    alert: "SeriesChurning",
    title: "a fleet restarts at once",
    series: { [CREATED]: andThen(steady(0), "10m", andThen(growing(20_000), "5m", steady(100_000))) },
    at: "1h",
    fires: [],
  },
];

export const cases: readonly RuleCase[] = [...availability, ...freshness, ...collectorCases, ...stored, ...series];
