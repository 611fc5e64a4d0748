import { collector } from "./collector.ts";
import { growth } from "./growth.ts";
import { promql, type Query } from "./query.ts";
import { recordingRule } from "./recording.ts";
import type { SignalDefinition } from "./signal.ts";

/** Jaeger is a collector too, with metrics of the same names. */
const OURS = 'job=~"agent|gateway"';
const EXPORTER = ["job", "instance", "host.name", "exporter", "data_type"] as const;
const RECEIVER = ["job", "instance", "host.name", "receiver", "data_type"] as const;

/** Spans, metric points and log records have counters of their own: one series of each, told apart by `data_type`. */
function perDataType(
  [spans, points, records]: readonly [SignalDefinition, SignalDefinition, SignalDefinition],
  by: "exporter" | "receiver",
): Query {
  const of = (counter: SignalDefinition, dataType: string): Query =>
    promql`label_replace(${growth(counter, "5m", OURS)}, "data_type", "${dataType}", "", "")`;
  return promql`
    sum by (job, instance, host_name, ${by}, data_type) (
      ${of(spans, "traces")} or ${of(points, "metrics")} or ${of(records, "logs")}
    )`;
}

/** What collectors did in five minutes, in one series per destination or source and type of data. */
export const collectorRecords = {
  sent: recordingRule(
    "collector:sent_items:increase5m",
    "{items}",
    "Items a destination took within 5 minutes.",
    EXPORTER,
    perDataType([collector.sentSpans, collector.sentPoints, collector.sentRecords], "exporter"),
  ),
  rejected: recordingRule(
    "collector:send_failed_items:increase5m",
    "{items}",
    "Items a destination rejected for good within 5 minutes.",
    EXPORTER,
    perDataType([collector.failedSpans, collector.failedPoints, collector.failedRecords], "exporter"),
  ),
  overflowed: recordingRule(
    "collector:enqueue_failed_items:increase5m",
    "{items}",
    "Items lost to a full queue within 5 minutes.",
    EXPORTER,
    perDataType(
      [collector.enqueueFailedSpans, collector.enqueueFailedPoints, collector.enqueueFailedRecords],
      "exporter",
    ),
    { absentWhile: "no queue overflowed" },
  ),
  refused: recordingRule(
    "collector:refused_items:increase5m",
    "{items}",
    "Items a collector turned away within 5 minutes; their sender tries again.",
    RECEIVER,
    perDataType([collector.refusedSpans, collector.refusedPoints, collector.refusedRecords], "receiver"),
  ),
  accepted: recordingRule(
    "collector:accepted_items:increase5m",
    "{items}",
    "Items a collector took in within 5 minutes.",
    RECEIVER,
    perDataType([collector.acceptedSpans, collector.acceptedPoints, collector.acceptedRecords], "receiver"),
  ),
} as const;
