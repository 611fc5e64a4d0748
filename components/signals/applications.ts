import { signalsOf } from "./signal.ts";

const SERVICE = ["host.name", "deployment.environment.name", "service.name", "service.instance.id"] as const;
const a = signalsOf("application", "pushed", SERVICE);
const spanMetrics = signalsOf("span-metrics", "pushed", [...SERVICE, "gateway"]);
const graph = signalsOf("service-graph", "pushed", ["gateway"]);
const SPAN = [
  "span.name",
  "span.kind",
  "status.code",
  "http.route",
  "http.request.method",
  "http.response.status_code",
  "messaging.system",
  "db.system.name",
] as const;
const EDGE = ["client", "server", "connection_type", "failed"] as const;
const MEDIA = ["cluster_version", "model_version"] as const;

/** What gateways count of every span, before any is sampled away (C-03). */
export const spans = {
  calls: spanMetrics.counter("traces.span.metrics.calls", "{call}", "Spans seen.", SPAN),
  duration: spanMetrics.histogram("traces.span.metrics.duration", "s", "How long spans took.", SPAN),
  events: spanMetrics.counter(
    "traces.span.metrics.events",
    "{event}",
    "Events on spans, by the type of the exception they tell of.",
    [...SPAN, "exception.type"],
    { absentWhile: "no span tells of an exception" },
  ),
} as const;

/** Who calls whom. */
export const serviceGraph = {
  requests: graph.counter(
    "traces_service_graph_request_total",
    "{request}",
    "Requests from a client to a server.",
    EDGE,
  ),
  failed: graph.counter("traces_service_graph_request_failed_total", "{request}", "Requests that failed.", EDGE, {
    absentWhile: "no request between two services failed",
  }),
  server: graph.histogram("traces_service_graph_request_server", "s", "How long the server took.", EDGE),
  client: graph.histogram("traces_service_graph_request_client", "s", "How long the client waited.", EDGE),
} as const;

/** Volnux, the workflow engine (S1 L280-283). */
export const volnux = {
  workflowDuration: a.histogram("workflow.duration", "s", "How long a workflow took."),
  workflowErrorRate: a.gauge("workflow.error_rate", "{fraction}", "Share of workflows that failed, 0 to 1."),
  taskExecutionTime: a.histogram("task.execution_time", "s", "How long a task took."),
  parallelTasks: a.gauge("parallel_tasks.count", "{task}", "Tasks that run side by side."),
} as const;

/** Satellite, agent and model servers (S2). */
export const satellite = {
  example: a.counter("my_counter", "{event}", "The documents' example of a counter (S2-54).", ["label"]),
} as const;

/** Sploot's media clustering (S3 L20-23); names stay byte for byte (C-26). */
export const media = {
  jobs: a.counter("media_cluster_jobs_total", "{job}", "Jobs by outcome.", [...MEDIA, "pet_id", "status"]),
  retries: a.counter("media_cluster_retries_total", "{job}", "Jobs tried again.", [...MEDIA, "pet_id"]),
  deadLetters: a.counter("media_cluster_deadletter_total", "{job}", "Jobs given up.", [...MEDIA, "pet_id"]),
  processing: a.histogram("media_cluster_processing_duration_seconds", "s", "How long a job took.", [
    ...MEDIA,
    "pet_id",
  ]),
  embedding: a.histogram("media_cluster_embedding_duration_seconds", "s", "How long embedding took.", [
    ...MEDIA,
    "pet_id",
  ]),
  postgresWrite: a.histogram("media_cluster_postgres_write_seconds", "s", "How long the write to PostgreSQL took.", [
    ...MEDIA,
    "pet_id",
  ]),
  pending: a.gauge("media_cluster_pending_jobs", "{job}", "Jobs that wait.", MEDIA),
  inFlight: a.gauge("media_cluster_worker_inflight", "{job}", "Jobs a worker has in hand.", MEDIA),
} as const;

/** mlx, the ML platform (S4 L133-154); names stay byte for byte (C-26). */
export const mlx = {
  predictionLatency: a.histogram("mlx_model_prediction_latency_seconds", "s", "How long a prediction took."),
  accuracy: a.gauge("mlx_model_accuracy_score", "{fraction}", "Accuracy of a model, 0 to 1."),
  drift: a.gauge("mlx_data_drift_score", "{fraction}", "How far data moved from what a model was trained on, 0 to 1."),
  pluginDuration: a.histogram("mlx_plugin_execution_duration_seconds", "s", "How long a plugin ran."),
} as const;

/** The crawler whose latency stands beside the GPU panels (S0-33). */
export const crawler = {
  requestDuration: a.histogram("crawler.request.duration", "s", "How long a crawl request took.", ["http.route"]),
} as const;
