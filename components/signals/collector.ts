import { signalsOf } from "./signal.ts";

// Gateways are scraped (job, instance); agents send their own and say who they are by resource attributes as well.
const s = signalsOf("collector", "pushed", [
  "host.name",
  "deployment.environment.name",
  "service.name",
  "service.version",
]);
const never = (what: string) => ({ absentWhile: `no ${what} yet` });

/**
 * What collectors say of themselves, as version 0.145 names it. Agents push through OTLP and gateways are scraped with
 * type and unit suffixes on, so both spell a name the same way (anchors: "Please, stop changing the names").
 */
export const collector = {
  acceptedSpans: s.counter("otelcol_receiver_accepted_spans", "{spans}", "Spans taken in.", ["receiver", "transport"]),
  acceptedPoints: s.counter("otelcol_receiver_accepted_metric_points", "{datapoints}", "Metric points taken in.", [
    "receiver",
    "transport",
  ]),
  acceptedRecords: s.counter("otelcol_receiver_accepted_log_records", "{records}", "Log records taken in.", [
    "receiver",
    "transport",
  ]),
  refusedSpans: s.counter("otelcol_receiver_refused_spans", "{spans}", "Spans turned away.", ["receiver", "transport"]),
  refusedPoints: s.counter("otelcol_receiver_refused_metric_points", "{datapoints}", "Metric points turned away.", [
    "receiver",
    "transport",
  ]),
  refusedRecords: s.counter("otelcol_receiver_refused_log_records", "{records}", "Log records turned away.", [
    "receiver",
    "transport",
  ]),
  sentSpans: s.counter("otelcol_exporter_sent_spans", "{spans}", "Spans delivered.", ["exporter"]),
  sentPoints: s.counter("otelcol_exporter_sent_metric_points", "{datapoints}", "Metric points delivered.", [
    "exporter",
  ]),
  sentRecords: s.counter("otelcol_exporter_sent_log_records", "{records}", "Log records delivered.", ["exporter"]),
  failedSpans: s.counter("otelcol_exporter_send_failed_spans", "{spans}", "Spans a destination did not take.", [
    "exporter",
  ]),
  failedPoints: s.counter(
    "otelcol_exporter_send_failed_metric_points",
    "{datapoints}",
    "Metric points a destination did not take.",
    ["exporter"],
  ),
  failedRecords: s.counter(
    "otelcol_exporter_send_failed_log_records",
    "{records}",
    "Log records a destination did not take.",
    ["exporter"],
  ),
  enqueueFailedSpans: s.counter(
    "otelcol_exporter_enqueue_failed_spans",
    "{spans}",
    "Spans lost because a queue was full.",
    ["exporter"],
    never("queue overflowed"),
  ),
  enqueueFailedPoints: s.counter(
    "otelcol_exporter_enqueue_failed_metric_points",
    "{datapoints}",
    "Metric points lost because a queue was full.",
    ["exporter"],
    never("queue overflowed"),
  ),
  enqueueFailedRecords: s.counter(
    "otelcol_exporter_enqueue_failed_log_records",
    "{records}",
    "Log records lost because a queue was full.",
    ["exporter"],
    never("queue overflowed"),
  ),
  queueSize: s.gauge("otelcol_exporter_queue_size", "{batches}", "What a queue holds, in its own unit.", [
    "exporter",
    "data_type",
  ]),
  queueCapacity: s.gauge("otelcol_exporter_queue_capacity", "{batches}", "What a queue may hold, in its own unit.", [
    "exporter",
    "data_type",
  ]),
  scrapedPoints: s.counter("otelcol_scraper_scraped_metric_points", "{datapoints}", "Host metric points read.", [
    "receiver",
    "scraper",
  ]),
  scrapeErrors: s.counter("otelcol_scraper_errored_metric_points", "{datapoints}", "Host metric points not read.", [
    "receiver",
    "scraper",
  ]),
  processorIncoming: s.counter("otelcol_processor_incoming_items", "{items}", "Items a processor was given.", [
    "processor",
    "otel.signal",
  ]),
  processorOutgoing: s.counter("otelcol_processor_outgoing_items", "{items}", "Items a processor passed on.", [
    "processor",
    "otel.signal",
  ]),
  limiterRefusedSpans: s.counter(
    "otelcol_processor_refused_spans",
    "{spans}",
    "Spans turned away because memory ran short.",
    ["processor"],
    never("memory limit was reached"),
  ),
  limiterRefusedPoints: s.counter(
    "otelcol_processor_refused_metric_points",
    "{datapoints}",
    "Metric points turned away because memory ran short.",
    ["processor"],
    never("memory limit was reached"),
  ),
  limiterRefusedRecords: s.counter(
    "otelcol_processor_refused_log_records",
    "{records}",
    "Log records turned away because memory ran short.",
    ["processor"],
    never("memory limit was reached"),
  ),
  memory: s.gauge("otelcol_process_memory_rss", "By", "Resident memory of the collector."),
  cpu: s.counter("otelcol_process_cpu_seconds", "s", "Processor time the collector used."),
  uptime: s.counter("otelcol_process_uptime", "s", "How long the collector has run."),
} as const;
