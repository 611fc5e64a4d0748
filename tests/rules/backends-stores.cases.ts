import { absent, growing, type RuleCase, steady, andThen } from "./rule-case.ts";

const TEMPO = 'job="tempo", instance="tempo:3200"';
const tempo = { job: "tempo", instance: "tempo:3200" };
const LOKI = 'job="loki", instance="loki:3100"';
const loki = { job: "loki", instance: "loki:3100" };
const JAEGER = 'job="jaeger", instance="jaeger:8886"';
const MIB = 1024 ** 2;

export const storeCases: readonly RuleCase[] = [
  {
    alert: "TempoSpansDiscarded",
    title: "a trace grows past its limit",
    series: { [`tempo_discarded_spans_total{${TEMPO}, reason="trace_too_large", tenant="t"}`]: growing(50) },
    at: "20m",
    fires: [{ ...tempo, reason: "trace_too_large" }],
  },
  {
    alert: "TempoSpansDiscarded",
    title: "nothing is discarded",
    series: { [`tempo_discarded_spans_total{${TEMPO}, reason="trace_too_large", tenant="t"}`]: steady(0) },
    at: "20m",
    fires: [],
  },
  {
    alert: "TempoStorageFailing",
    title: "blocks cannot be written",
    series: { [`tempo_ingester_failed_flushes_total{${TEMPO}}`]: growing(1) },
    at: "20m",
    fires: [tempo],
  },
  {
    alert: "TempoStorageFailing",
    title: "one compaction failed and the next worked",
    series: {
      [`tempo_ingester_failed_flushes_total{${TEMPO}}`]: steady(0),
      [`tempodb_compaction_errors_total{${TEMPO}}`]: andThen(steady(0), "40m", steady(1)),
    },
    at: "60m",
    fires: [],
  },
  {
    alert: "JaegerStorageHigh",
    title: "Jaeger's store holds 25 GiB",
    series: {
      [`jaeger_storage_badger_size_bytes_lsm{${JAEGER}}`]: steady(5 * 1024 * MIB),
      [`jaeger_storage_badger_size_bytes_vlog{${JAEGER}}`]: steady(20 * 1024 * MIB),
    },
    at: "20m",
    fires: [{ job: "jaeger", instance: "jaeger:8886" }],
  },
  {
    alert: "JaegerStorageHigh",
    title: "Jaeger's store holds 1 GiB",
    series: {
      [`jaeger_storage_badger_size_bytes_lsm{${JAEGER}}`]: steady(100 * MIB),
      [`jaeger_storage_badger_size_bytes_vlog{${JAEGER}}`]: steady(900 * MIB),
    },
    at: "20m",
    fires: [],
  },
  {
    alert: "LokiLinesDiscarded",
    title: "Loki refuses a line for the first time, and its counter begins",
    series: {
      [`loki_discarded_samples_total{${LOKI}, reason="rate_limited", tenant="fake"}`]: andThen(
        absent,
        "20m",
        steady(5),
      ),
    },
    at: "26m",
    fires: [{ ...loki, reason: "rate_limited" }],
  },
  {
    alert: "LokiLinesDiscarded",
    title: "Loki refused lines an hour ago",
    series: { [`loki_discarded_samples_total{${LOKI}, reason="rate_limited", tenant="fake"}`]: steady(5) },
    at: "1h",
    fires: [],
  },
  {
    alert: "LokiStorageFailing",
    title: "the write-ahead log meets a full disk",
    series: {
      [`loki_ingester_wal_disk_full_failures_total{${LOKI}}`]: andThen(steady(0), "5m", growing(10)),
      [`loki_ingester_chunks_flush_failures_total{${LOKI}}`]: steady(0),
    },
    at: "10m",
    fires: [loki],
  },
  {
    alert: "LokiStorageFailing",
    title: "chunks and log are written",
    series: {
      [`loki_ingester_wal_disk_full_failures_total{${LOKI}}`]: steady(0),
      [`loki_ingester_chunks_flush_failures_total{${LOKI}}`]: steady(0),
      [`loki_panic_total{${LOKI}}`]: steady(0),
    },
    at: "10m",
    fires: [],
  },
];
