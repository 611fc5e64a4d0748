import { spans } from "./applications.ts";
import { bucketsOf, promql } from "./query.ts";
import { type RecordingRule, recordingRule } from "./recording.ts";

/** The root span of a workflow is named after its class (S1 L26). */
export const WORKFLOW = 'span_name=~"pipeline[.].+"';
const LABELS = ["service.name", "span.name"] as const;

const p95 = recordingRule(
  "workflow:duration_seconds:p95_15m",
  "s",
  "P95 of a workflow's duration over 15 minutes; there is none while it does not run.",
  LABELS,
  // What is not a number compares to nothing: a workflow that did not run leaves no sample.
  promql`
    histogram_quantile(0.95,
      sum by (service_name, span_name, le) (rate(${bucketsOf(spans.duration)}{${WORKFLOW}}[15m]))
    ) >= 0`,
);

/** The hour left out keeps a slowdown from becoming its own baseline, and the median keeps past ones from raising it. */
const baseline = recordingRule(
  "workflow:duration_seconds:p95_baseline7d",
  "s",
  "Median P95 of a workflow over the week until an hour ago: what its duration usually is (S1 L287).",
  LABELS,
  promql`quantile_over_time(0.5, ${p95}[7d:15m] offset 1h)`,
  { absentWhile: "a workflow has been known for less than an hour" },
);

/** How long workflows take, and usually take. */
export const workflows = { p95, baseline } as const;

export const WORKFLOW_RECORDS: readonly RecordingRule[] = [p95, baseline];
