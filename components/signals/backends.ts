import { signalsOf } from "./signal.ts";

const p = signalsOf("prometheus", "scraped", []);
const a = signalsOf("alertmanager", "scraped", []);
const t = signalsOf("tempo", "scraped", []);
const l = signalsOf("loki", "scraped", []);
const j = signalsOf("jaeger", "scraped", []);
const REQUEST = ["method", "route", "status_code", "ws"] as const;

/** What Prometheus 3 says of itself. */
export const prometheus = {
  ready: p.gauge("prometheus_ready", "1", "1 once it answers queries."),
  headSeries: p.gauge("prometheus_tsdb_head_series", "{series}", "Series in memory."),
  headSeriesCreated: p.counter("prometheus_tsdb_head_series_created_total", "{series}", "Series that appeared."),
  samplesAppended: p.counter("prometheus_tsdb_head_samples_appended_total", "{sample}", "Samples stored.", ["type"]),
  storageBytes: p.gauge("prometheus_tsdb_storage_blocks_bytes", "By", "Size of the blocks on disk."),
  walBytes: p.gauge("prometheus_tsdb_wal_storage_size_bytes", "By", "Size of the write-ahead log."),
  headChunkBytes: p.gauge("prometheus_tsdb_head_chunks_storage_size_bytes", "By", "Size of the head's chunks on disk."),
  compactionsFailed: p.counter("prometheus_tsdb_compactions_failed_total", "{compaction}", "Compactions that failed."),
  walCorruptions: p.counter(
    "prometheus_tsdb_wal_corruptions_total",
    "{corruption}",
    "Corrupt write-ahead log segments.",
  ),
  outOfOrder: p.counter("prometheus_tsdb_out_of_order_samples_total", "{sample}", "Samples refused as too old.", [
    "type",
  ]),
  tooOld: p.counter(
    "prometheus_tsdb_too_old_samples_total",
    "{sample}",
    "Samples older than the out-of-order window.",
    ["type"],
  ),
  ruleFailures: p.counter("prometheus_rule_evaluation_failures_total", "{evaluation}", "Rules that failed.", [
    "rule_group",
  ]),
  ruleIterationsMissed: p.counter(
    "prometheus_rule_group_iterations_missed_total",
    "{iteration}",
    "Evaluations missed.",
    ["rule_group"],
  ),
  ruleGroupDuration: p.gauge("prometheus_rule_group_last_duration_seconds", "s", "How long a group took.", [
    "rule_group",
  ]),
  ruleGroupInterval: p.gauge("prometheus_rule_group_interval_seconds", "s", "How often a group is due.", [
    "rule_group",
  ]),
  notificationsDropped: p.counter("prometheus_notifications_dropped_total", "{alert}", "Alerts dropped.", [
    "alertmanager",
  ]),
  notificationErrors: p.counter("prometheus_notifications_errors_total", "{alert}", "Alerts an Alertmanager refused.", [
    "alertmanager",
  ]),
  notificationsSent: p.counter("prometheus_notifications_sent_total", "{alert}", "Alerts sent.", ["alertmanager"]),
  alertmanagers: p.gauge("prometheus_notifications_alertmanagers_discovered", "{server}", "Alertmanagers it sends to."),
  configReloaded: p.gauge("prometheus_config_last_reload_successful", "1", "1 where the last reload worked."),
  httpDuration: p.histogram("prometheus_http_request_duration_seconds", "s", "How long requests took.", ["handler"]),
  queryDuration: p.summary("prometheus_engine_query_duration_seconds", "s", "How long queries took.", [
    "slice",
    "quantile",
  ]),
  exemplars: p.gauge("prometheus_tsdb_exemplar_exemplars_in_storage", "{exemplar}", "Exemplars kept."),
} as const;

/** What Alertmanager says of itself. */
export const alertmanager = {
  alerts: a.gauge("alertmanager_alerts", "{alert}", "Alerts it knows, by state.", ["state"]),
  received: a.counter("alertmanager_alerts_received_total", "{alert}", "Alerts received.", ["status", "version"]),
  notifications: a.counter("alertmanager_notifications_total", "{notification}", "Notifications attempted.", [
    "integration",
  ]),
  notificationsFailed: a.counter(
    "alertmanager_notifications_failed_total",
    "{notification}",
    "Notifications that failed.",
    ["integration", "reason"],
  ),
  clusterMembers: a.gauge("alertmanager_cluster_members", "{member}", "Replicas in the cluster, itself included."),
  clusterFailedPeers: a.gauge("alertmanager_cluster_failed_peers", "{member}", "Replicas it cannot reach."),
  configReloaded: a.gauge("alertmanager_config_last_reload_successful", "1", "1 where the last reload worked."),
  silences: a.gauge("alertmanager_silences", "{silence}", "Silences, by state.", ["state"]),
} as const;

/** What Tempo says of itself. */
export const tempo = {
  spansReceived: t.counter("tempo_distributor_spans_received_total", "{span}", "Spans taken in.", ["tenant"]),
  bytesReceived: t.counter("tempo_distributor_bytes_received_total", "By", "Bytes taken in.", ["tenant"]),
  discardedSpans: t.counter("tempo_discarded_spans_total", "{span}", "Spans thrown away.", ["reason", "tenant"]),
  liveTraces: t.gauge("tempo_ingester_live_traces", "{trace}", "Traces not yet cut to a block.", ["tenant"]),
  flushFailures: t.counter("tempo_ingester_failed_flushes_total", "{flush}", "Blocks that could not be written."),
  compactionErrors: t.counter("tempodb_compaction_errors_total", "{error}", "Compactions that failed."),
  requestDuration: t.histogram("tempo_request_duration_seconds", "s", "How long requests took.", REQUEST),
} as const;

/** What Loki says of itself. */
export const loki = {
  bytesReceived: l.counter("loki_distributor_bytes_received_total", "By", "Bytes of lines taken in.", ["tenant"]),
  linesReceived: l.counter("loki_distributor_lines_received_total", "{line}", "Lines taken in.", ["tenant"]),
  discardedLines: l.counter("loki_discarded_samples_total", "{line}", "Lines thrown away.", ["reason", "tenant"], {
    absentWhile: "no line was refused",
  }),
  flushFailures: l.counter("loki_ingester_chunks_flush_failures_total", "{flush}", "Chunks that could not be written."),
  walDiskFull: l.counter("loki_ingester_wal_disk_full_failures_total", "{failure}", "Writes that met a full disk."),
  memoryStreams: l.gauge("loki_ingester_memory_streams", "{stream}", "Streams in memory."),
  panics: l.counter("loki_panic_total", "{panic}", "Panics caught."),
  requestDuration: l.histogram("loki_request_duration_seconds", "s", "How long requests took.", REQUEST),
} as const;

/** What Jaeger 2 says of itself: it is a collector with a store behind it. */
export const jaeger = {
  lsmBytes: j.gauge("jaeger_storage_badger_size_bytes_lsm", "By", "Size of Badger's index."),
  valueLogBytes: j.gauge("jaeger_storage_badger_size_bytes_vlog", "By", "Size of Badger's value log."),
} as const;

/** What every Go program among them says of itself. */
const g = signalsOf("scrape", "scraped", []);
export const process = {
  memory: g.gauge("process_resident_memory_bytes", "By", "Resident memory."),
  cpu: g.counter("process_cpu_seconds_total", "s", "Processor time used."),
  openFiles: g.gauge("process_open_fds", "{file}", "Open file descriptors."),
  maxFiles: g.gauge("process_max_fds", "{file}", "File descriptors it may open."),
  started: g.gauge("process_start_time_seconds", "s", "Unix time it started at."),
} as const;

const scraped = signalsOf("scrape", "scraped", [
  "host.name",
  "deployment.environment.name",
  "service.name",
  "service.instance.id",
]);
/** What a scrape says of its target. */
export const scrape = {
  up: scraped.gauge("up", "1", "1 where the target answered the last scrape."),
  duration: scraped.gauge("scrape_duration_seconds", "s", "How long the scrape took."),
  samples: scraped.gauge("scrape_samples_scraped", "{sample}", "Samples the target served."),
  seriesAdded: scraped.gauge("scrape_series_added", "{series}", "Series that were new in the scrape."),
} as const;
