import { storeCases } from "./backends-stores.cases.ts";
import { growing, type RuleCase, steady, andThen } from "./rule-case.ts";

const PROMETHEUS = 'job="prometheus", instance="prometheus-a:9090"';
const prometheus = { job: "prometheus", instance: "prometheus-a:9090" };
const ALERTMANAGER = 'job="alertmanager", instance="alertmanager-a:9093"';
const alertmanager = { job: "alertmanager", instance: "alertmanager-a:9093" };
const TEMPO = 'job="tempo", instance="tempo:3200"';
const tempo = { job: "tempo", instance: "tempo:3200" };
const LOKI = 'job="loki", instance="loki:3100"';
const MIB = 1024 ** 2;

const availability: readonly RuleCase[] = [
  {
    alert: "BackendDown",
    title: "Tempo and Grafana stop answering",
    series: { [`up{${TEMPO}}`]: steady(0), 'up{job="grafana", instance="grafana:3000"}': steady(0) },
    at: "5m",
    fires: [tempo, { job: "grafana", instance: "grafana:3000" }],
  },
  {
    alert: "BackendDown",
    title: "a gateway is down, which is another alert's matter",
    series: { [`up{${TEMPO}}`]: steady(1), 'up{job="gateway", instance="a"}': steady(0) },
    at: "5m",
    fires: [],
  },
  {
    alert: "GreptimeDbUnhealthy",
    title: "GreptimeDB stops answering",
    series: { 'up{job="greptimedb", instance="greptimedb:4000"}': andThen(steady(1), "5m", steady(0)) },
    at: "8m",
    fires: [{ job: "greptimedb", instance: "greptimedb:4000" }],
  },
  {
    alert: "GreptimeDbUnhealthy",
    title: "GreptimeDB answers",
    series: { 'up{job="greptimedb", instance="greptimedb:4000"}': steady(1) },
    at: "8m",
    fires: [],
  },
  {
    alert: "BackendRequestsFailing",
    title: "a fifth of the writes to Loki end with an error",
    series: {
      [`loki_request_duration_seconds_count{${LOKI}, route="otlp_v1_logs", status_code="204"}`]: growing(80),
      [`loki_request_duration_seconds_count{${LOKI}, route="otlp_v1_logs", status_code="500"}`]: growing(20),
    },
    at: "20m",
    fires: [{ job: "loki", route: "otlp_v1_logs" }],
  },
  {
    alert: "BackendRequestsFailing",
    title: "Tempo says that it is not ready yet",
    series: {
      [`tempo_request_duration_seconds_count{${TEMPO}, route="ready", status_code="503"}`]: growing(10),
      [`tempo_request_duration_seconds_count{${TEMPO}, route="/tempopb.Pusher/PushBytesV2", status_code="success"}`]:
        growing(80),
    },
    at: "20m",
    fires: [],
  },
];

const capacity: readonly RuleCase[] = [
  {
    alert: "PrometheusSeriesHigh",
    title: "Prometheus holds 300,000 series",
    series: { [`prometheus_tsdb_head_series{${PROMETHEUS}}`]: steady(300_000) },
    at: "20m",
    fires: [prometheus],
  },
  {
    alert: "PrometheusSeriesHigh",
    title: "the environment allows 500,000",
    series: { [`prometheus_tsdb_head_series{${PROMETHEUS}}`]: steady(300_000) },
    at: "20m",
    fires: [],
    thresholds: { prometheusSeries: 500_000 },
  },
  ...(
    [
      ["blocks grow by 28 GiB a day", 20, [prometheus]],
      ["blocks grow by 1.4 GiB a day", 1, []],
    ] as const
  ).map(([title, perMinute, fires]) => ({
    alert: "PrometheusDiskFilling",
    title,
    series: {
      [`prometheus_tsdb_storage_blocks_bytes{${PROMETHEUS}}`]: growing(perMinute * MIB),
      [`prometheus_tsdb_wal_storage_size_bytes{${PROMETHEUS}}`]: steady(500 * MIB),
      [`prometheus_tsdb_head_chunks_storage_size_bytes{${PROMETHEUS}}`]: steady(100 * MIB),
    },
    at: "4h" as const,
    fires,
  })),
];

const integrity: readonly RuleCase[] = [
  {
    alert: "PrometheusStorageFaulty",
    title: "a compaction fails",
    series: {
      [`prometheus_tsdb_compactions_failed_total{${PROMETHEUS}}`]: andThen(steady(0), "10m", steady(1)),
      [`prometheus_tsdb_wal_corruptions_total{${PROMETHEUS}}`]: steady(0),
    },
    at: "15m",
    fires: [prometheus],
  },
  {
    alert: "PrometheusStorageFaulty",
    title: "a fault of last month is counted still",
    series: { [`prometheus_tsdb_compactions_failed_total{${PROMETHEUS}}`]: steady(1) },
    at: "15m",
    fires: [],
  },
  {
    alert: "PrometheusSamplesRefused",
    title: "a host's clock is an hour behind",
    series: { [`prometheus_tsdb_too_old_samples_total{${PROMETHEUS}, type="float"}`]: growing(100) },
    at: "15m",
    fires: [prometheus],
  },
  {
    alert: "PrometheusSamplesRefused",
    title: "all samples are in time",
    series: { [`prometheus_tsdb_too_old_samples_total{${PROMETHEUS}, type="float"}`]: steady(100) },
    at: "15m",
    fires: [],
  },
  {
    alert: "ConfigurationNotLoaded",
    title: "an Alertmanager does not take its new configuration",
    series: { [`alertmanager_config_last_reload_successful{${ALERTMANAGER}}`]: andThen(steady(1), "5m", steady(0)) },
    at: "12m",
    fires: [alertmanager],
  },
  {
    alert: "ConfigurationNotLoaded",
    title: "both programs run what they were given",
    series: {
      [`alertmanager_config_last_reload_successful{${ALERTMANAGER}}`]: steady(1),
      [`prometheus_config_last_reload_successful{${PROMETHEUS}}`]: steady(1),
    },
    at: "12m",
    fires: [],
  },
];

const GROUP = 'rule_group="rules/gpu.yml;gpu"';
const group = { ...prometheus, rule_group: "rules/gpu.yml;gpu" };
const TARGET = 'alertmanager="https://alertmanager-a:9093/api/v2/alerts"';
const target = { ...prometheus, alertmanager: "https://alertmanager-a:9093/api/v2/alerts" };

const alerting: readonly RuleCase[] = [
  {
    alert: "PrometheusRulesFailing",
    title: "a rule joins two series of the same labels",
    series: { [`prometheus_rule_evaluation_failures_total{${PROMETHEUS}, ${GROUP}}`]: growing(4) },
    at: "15m",
    fires: [group],
  },
  {
    alert: "PrometheusRulesFailing",
    title: "no rule fails",
    series: { [`prometheus_rule_evaluation_failures_total{${PROMETHEUS}, ${GROUP}}`]: steady(0) },
    at: "15m",
    fires: [],
  },
  {
    alert: "PrometheusRulesLate",
    title: "a group misses one evaluation in four",
    series: { [`prometheus_rule_group_iterations_missed_total{${PROMETHEUS}, ${GROUP}}`]: growing(1) },
    at: "25m",
    fires: [group],
  },
  {
    alert: "PrometheusRulesLate",
    title: "a group missed one evaluation while Prometheus started",
    series: {
      [`prometheus_rule_group_iterations_missed_total{${PROMETHEUS}, ${GROUP}}`]: andThen(steady(0), "1m", steady(1)),
    },
    at: "25m",
    fires: [],
  },
  {
    alert: "AlertsNotDelivered",
    title: "an Alertmanager cannot be reached",
    series: {
      [`prometheus_notifications_errors_total{${PROMETHEUS}, ${TARGET}}`]: growing(2),
      [`prometheus_notifications_dropped_total{${PROMETHEUS}, ${TARGET}}`]: growing(2),
    },
    at: "15m",
    fires: [target],
  },
  {
    alert: "AlertsNotDelivered",
    title: "alerts are taken",
    series: { [`prometheus_notifications_errors_total{${PROMETHEUS}, ${TARGET}}`]: steady(3) },
    at: "15m",
    fires: [],
  },
  {
    alert: "AlertmanagerClusterSplit",
    title: "an Alertmanager sees itself only",
    series: { [`alertmanager_cluster_members{${ALERTMANAGER}}`]: steady(1) },
    at: "10m",
    fires: [alertmanager],
  },
  {
    alert: "AlertmanagerClusterSplit",
    title: "the pair sees each other",
    series: { [`alertmanager_cluster_members{${ALERTMANAGER}}`]: steady(2) },
    at: "10m",
    fires: [],
  },
  {
    alert: "NotificationsFailing",
    title: "a webhook answers with an error, and mail goes out",
    series: {
      [`alertmanager_notifications_failed_total{${ALERTMANAGER}, integration="webhook", reason="serverError"}`]:
        growing(1),
      [`alertmanager_notifications_failed_total{${ALERTMANAGER}, integration="email", reason="other"}`]: steady(0),
    },
    at: "20m",
    fires: [{ ...alertmanager, integration: "webhook" }],
  },
  {
    alert: "NotificationsFailing",
    title: "every notification arrives",
    series: {
      [`alertmanager_notifications_failed_total{${ALERTMANAGER}, integration="webhook", reason="serverError"}`]:
        steady(0),
    },
    at: "20m",
    fires: [],
  },
];

export const cases: readonly RuleCase[] = [...availability, ...capacity, ...integrity, ...alerting, ...storeCases];
