import { absent, growing, type RuleCase, type Shape, steady, andThen } from "./rule-case.ts";

const WORKFLOW = 'service_name="workflow-service", span_name="pipeline.DataProcessingPipeline"';
const workflow = { service_name: "workflow-service", span_name: "pipeline.DataProcessingPipeline" };
const runs = (status: "UNSET" | "ERROR", gateway = "gateway-a") =>
  `traces_span_metrics_calls_total{job="workflow-service", instance="gpu-1", ${WORKFLOW}, span_kind="SPAN_KIND_SERVER", status_code="STATUS_CODE_${status}", gateway="${gateway}"}`;

/** Buckets of a duration that is `fast` until a moment, and then slower than the bound 2.5. */
const buckets = (slowFrom: Shape): Readonly<Record<string, Shape>> =>
  Object.fromEntries(
    ["0.5", "1", "2.5", "5", "+Inf"].map((le) => [
      `traces_span_metrics_duration_seconds_bucket{job="workflow-service", instance="gpu-1", ${WORKFLOW}, status_code="STATUS_CODE_UNSET", le="${le}"}`,
      ["0.5", "1", "2.5"].includes(le) ? slowFrom : growing(10),
    ]),
  );

const workflows: readonly RuleCase[] = [
  {
    alert: "HighErrorRate",
    title: "6 % of the workflows fail, counted by two gateways",
    series: {
      [runs("UNSET")]: growing(47),
      [runs("UNSET", "gateway-b")]: growing(47),
      [runs("ERROR")]: growing(6),
    },
    at: "10m",
    fires: [{ service_name: "workflow-service" }],
  },
  {
    alert: "HighErrorRate",
    title: "4 % of the workflows fail",
    series: { [runs("UNSET")]: growing(96), [runs("ERROR")]: growing(4) },
    at: "20m",
    fires: [],
  },
  {
    alert: "HighErrorRate",
    title: "the only workflow fails, and the environment asks for ten",
    series: { [runs("ERROR")]: andThen(absent, "10m", steady(1)) },
    at: "12m",
    fires: [],
    thresholds: { workflowErrorRuns: 10 },
  },
  {
    alert: "SlowWorkflows",
    title: "a workflow of half a second takes several",
    series: buckets(andThen(growing(10), "150m", steady(1500))),
    at: "180m",
    fires: [workflow],
  },
  {
    alert: "SlowWorkflows",
    title: "a workflow takes as long as it always did",
    series: buckets(growing(10)),
    at: "180m",
    fires: [],
  },
  {
    alert: "SlowWorkflows",
    title: "a new workflow, which has no baseline, is slower than the absolute limit",
    series: buckets(steady(0)),
    at: "40m",
    fires: [workflow],
    thresholds: { workflowSlowSeconds: 3 },
  },
  {
    alert: "SlowWorkflows",
    title: "a new workflow has no baseline, and is within the absolute limit",
    series: buckets(steady(0)),
    at: "40m",
    fires: [],
  },
  {
    alert: "FailedWorkflows",
    title: "one of a hundred fails, and its counter begins at one (C-03)",
    series: { [runs("UNSET")]: growing(10), [runs("ERROR")]: andThen(absent, "10m", steady(1)) },
    at: "12m",
    fires: [workflow],
  },
  {
    alert: "FailedWorkflows",
    title: "one failed half an hour ago",
    series: { [runs("UNSET")]: growing(10), [runs("ERROR")]: andThen(absent, "10m", steady(1)) },
    at: "40m",
    fires: [],
  },
  {
    alert: "TimeoutErrors",
    title: "a task runs out of time",
    series: {
      'traces_span_metrics_events_total{job="workflow-service", instance="gpu-1", service_name="workflow-service", span_name="task.execute.load_data", exception_type="volnux.exceptions.ExecutionTimeoutError"}':
        andThen(absent, "10m", steady(1)),
    },
    at: "12m",
    fires: [{ service_name: "workflow-service", span_name: "task.execute.load_data" }],
  },
  {
    alert: "TimeoutErrors",
    title: "a task fails for another reason",
    series: {
      'traces_span_metrics_events_total{job="workflow-service", instance="gpu-1", service_name="workflow-service", span_name="task.execute.load_data", exception_type="ValueError"}':
        growing(1),
    },
    at: "12m",
    fires: [],
  },
];

const checks = (status: "UNSET" | "ERROR") =>
  `traces_span_metrics_calls_total{job="satellite-model-server", instance="gpu-1", host_name="gpu-1", service_name="satellite-model-server", span_name="GET /healthz", span_kind="SPAN_KIND_SERVER", http_route="/healthz", status_code="STATUS_CODE_${status}"}`;
const modelServers: readonly RuleCase[] = [
  {
    alert: "ModelServerUnhealthy",
    title: "a model server answers its checks with errors",
    series: {
      [checks("UNSET")]: andThen(growing(6), "20m", steady(120)),
      [checks("ERROR")]: andThen(absent, "20m", growing(6, 1)),
    },
    at: "30m",
    fires: [{ service_name: "satellite-model-server", host_name: "gpu-1" }],
  },
  {
    alert: "ModelServerUnhealthy",
    title: "checks that came for two hours no longer arrive",
    series: { [checks("UNSET")]: andThen(growing(6), "120m", steady(720)) },
    at: "135m",
    fires: [{ service_name: "satellite-model-server", host_name: "gpu-1" }],
  },
  {
    alert: "ModelServerUnhealthy",
    title: "a server was tried for ten minutes and taken away",
    series: { [checks("UNSET")]: andThen(growing(6), "10m", steady(60)) },
    at: "25m",
    fires: [],
  },
  {
    alert: "ModelServerUnhealthy",
    title: "one check in ten fails",
    series: { [checks("UNSET")]: growing(9), [checks("ERROR")]: growing(1) },
    at: "25m",
    fires: [],
  },
];

const MEDIA =
  'job="sploot-media-clustering", instance="gpu-1", service_name="sploot-media-clustering", cluster_version="3", model_version="1.4"';
const versions = { service_name: "sploot-media-clustering", cluster_version: "3", model_version: "1.4" };
const jobs = (status: string) => `media_cluster_jobs_total{${MEDIA}, pet_id="3d8d", status="${status}"}`;
const media: readonly RuleCase[] = [
  {
    alert: "MediaDeadLetters",
    title: "the first job is given up",
    series: { [`media_cluster_deadletter_total{${MEDIA}, pet_id="3d8d"}`]: andThen(absent, "10m", steady(1)) },
    at: "12m",
    fires: [versions],
  },
  {
    alert: "MediaDeadLetters",
    title: "the environment allows five",
    series: { [`media_cluster_deadletter_total{${MEDIA}, pet_id="3d8d"}`]: andThen(absent, "10m", steady(1)) },
    at: "12m",
    fires: [],
    thresholds: { mediaDeadLetters: 5 },
  },
  {
    alert: "MediaRetriesHigh",
    title: "every second job is tried twice",
    series: { [jobs("succeeded")]: growing(10), [`media_cluster_retries_total{${MEDIA}, pet_id="3d8d"}`]: growing(5) },
    at: "30m",
    fires: [versions],
  },
  {
    alert: "MediaRetriesHigh",
    title: "every tenth job is tried twice",
    series: { [jobs("succeeded")]: growing(10), [`media_cluster_retries_total{${MEDIA}, pet_id="3d8d"}`]: growing(1) },
    at: "30m",
    fires: [],
  },
  {
    alert: "MediaFailuresHigh",
    title: "a tenth of the jobs fail",
    series: { [jobs("succeeded")]: growing(9), [jobs("failed")]: growing(1) },
    at: "30m",
    fires: [versions],
  },
  {
    alert: "MediaFailuresHigh",
    title: "no job fails",
    series: { [jobs("succeeded")]: growing(9) },
    at: "30m",
    fires: [],
  },
  {
    alert: "MediaBacklog",
    title: "two hundred jobs wait",
    series: { [`media_cluster_pending_jobs{${MEDIA}}`]: andThen(steady(0), "10m", steady(200)) },
    at: "30m",
    fires: [versions],
  },
  {
    alert: "MediaBacklog",
    title: "many jobs come at once and are done",
    series: { [`media_cluster_pending_jobs{${MEDIA}}`]: andThen(steady(200), "10m", steady(20)) },
    at: "16m",
    fires: [],
  },
];

const MLX = 'job="mlx-plugin", instance="gpu-1", host_name="gpu-1", service_name="mlx-plugin"';
const mlx = { service_name: "mlx-plugin", host_name: "gpu-1" };
const gauge = (alert: string, name: string, bad: number, good: number, titles: readonly [string, string]) =>
  titles.map((title, index) => ({
    alert,
    title,
    series: { [`${name}{${MLX}}`]: steady(index === 0 ? bad : good) },
    at: "15m" as const,
    fires: index === 0 ? [mlx] : [],
  }));
const mean = (alert: string, name: string, slow: number, quick: number) =>
  [slow, quick].map((seconds) => ({
    alert,
    title: `it takes ${seconds} s on average`,
    series: { [`${name}_sum{${MLX}}`]: growing(60 * seconds), [`${name}_count{${MLX}}`]: growing(60) },
    at: "20m" as const,
    fires: seconds === slow ? [{ service_name: "mlx-plugin" }] : [],
  }));

const models: readonly RuleCase[] = [
  ...gauge("ModelAccuracyLow", "mlx_model_accuracy_score", 0.7, 0.97, [
    "three of ten answers are wrong",
    "the model is accurate",
  ]),
  ...gauge("DataDriftHigh", "mlx_data_drift_score", 0.5, 0.1, ["data has moved away", "data is as it was"]),
  ...mean("PredictionSlow", "mlx_model_prediction_latency_seconds", 2, 0.04),
  ...mean("PluginSlow", "mlx_plugin_execution_duration_seconds", 90, 0.3),
];

const GATEWAY = 'up{job="gateway", instance="gateway-a:8889"}';
const silence: readonly RuleCase[] = [
  {
    alert: "WorkloadSilent",
    title: "a service of six hours stops",
    series: { [`mlx_model_accuracy_score{${MLX}}`]: andThen(steady(0.9), "370m", absent), [GATEWAY]: steady(1) },
    at: "390m",
    fires: [{ service_name: "mlx-plugin" }],
  },
  {
    alert: "WorkloadSilent",
    title: "a batch job of an hour is done",
    series: { [`mlx_model_accuracy_score{${MLX}}`]: andThen(steady(0.9), "60m", absent), [GATEWAY]: steady(1) },
    at: "90m",
    fires: [],
  },
  {
    alert: "WorkloadSilent",
    title: "every gateway is down, which is another alert's matter",
    series: {
      [`mlx_model_accuracy_score{${MLX}}`]: andThen(steady(0.9), "370m", absent),
      [GATEWAY]: andThen(steady(1), "370m", steady(0)),
    },
    at: "390m",
    fires: [],
  },
];

export const cases: readonly RuleCase[] = [...workflows, ...modelServers, ...media, ...models, ...silence];
