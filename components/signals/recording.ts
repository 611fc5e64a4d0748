import type { Query } from "./query.ts";
import type { SignalDefinition } from "./signal.ts";

/** A series Prometheus computes and keeps: a signal like any other, with the query it is computed by. */
export interface RecordingRule extends SignalDefinition {
  readonly query: Query;
  /** Labels given to the result. */
  readonly staticLabels?: Readonly<Record<string, string>>;
}

/** A recording rule named by the convention `level:metric:operations` (Prometheus' documentation on naming rules). */
export function recordingRule(
  name: string,
  unit: string,
  help: string,
  labels: readonly string[],
  query: Query,
  more: Pick<RecordingRule, "staticLabels" | "absentWhile"> = {},
): RecordingRule {
  return { name, prometheusName: name, unit, type: "gauge", help, labels, source: "recording-rule", query, ...more };
}
