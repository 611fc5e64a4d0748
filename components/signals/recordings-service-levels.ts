import { spans } from "./applications.ts";
import { growth } from "./growth.ts";
import { bucketsOf, promql, type Query } from "./query.ts";
import { type RecordingRule, recordingRule } from "./recording.ts";

/** Spans with which work enters a service. */
const ENTRY = 'span_kind=~"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER"';
/** Latency targets that can be measured: bounds of the span metrics' buckets, in seconds. */
export const LATENCY_TARGETS = [0.5, 1, 2.5, 5, 10] as const;
/** Windows of the SRE workbook's burn rates, and that of the budget. */
export const WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"] as const;
export type Window = (typeof WINDOWS)[number];

const SERVICE = ["service.name"] as const;
const TARGET = [...SERVICE, "le"] as const;

const counted = promql`sum by (service_name) (${growth(spans.calls, "5m", ENTRY)})`;
const failed = promql`
  sum by (service_name) (${growth(spans.calls, "5m", `${ENTRY}, status_code="STATUS_CODE_ERROR"`)})
  or 0 * ${counted}`;
const fast = promql`
  sum by (service_name, le) (
    ${growth(bucketsOf(spans.duration), "5m", `${ENTRY}, le=~"${LATENCY_TARGETS.join("|")}"`)}
  )`;

/** A count of five minutes, and of the hour: longer windows add hours up, which costs a thousandth of reading spans. */
function counts(name: string, what: string, labels: readonly string[], query: Query) {
  const minutes = recordingRule(`service:${name}:increase5m`, "{span}", `${what} within 5 minutes.`, labels, query);
  const hour = recordingRule(
    `service:${name}:increase1h`,
    "{span}",
    `${what} within the hour.`,
    labels,
    promql`sum_over_time(${minutes}[1h:5m])`,
  );
  return { minutes, hour };
}

const all = counts("spans", "Requests and messages", SERVICE, counted);
const errors = counts("span_errors", "Requests and messages that failed", SERVICE, failed);
const inTime = counts("fast_spans", "Requests and messages served within the target `le`", TARGET, fast);

/** What a count adds up to over a window. */
function over({ minutes, hour }: typeof all, window: Window): Query {
  if (window === "5m") return promql`${minutes}`;
  if (window === "1h") return promql`${hour}`;
  if (window.endsWith("h") || window.endsWith("m")) return promql`sum_over_time(${minutes}[${window}:5m])`;
  // The steps are whole hours of the clock: until the first has struck, the last hour is all there is.
  return promql`(sum_over_time(${hour}[${window}:1h]) or ${hour})`;
}

function perWindow(rule: (window: Window) => RecordingRule): Readonly<Record<Window, RecordingRule>> {
  return Object.fromEntries(WINDOWS.map((window) => [window, rule(window)])) as Record<Window, RecordingRule>;
}

/** What services did, and the share of it that failed or was slow, over each window. */
export const serviceLevels = {
  spans: all.minutes,
  spansOfHour: all.hour,
  errors: errors.minutes,
  errorsOfHour: errors.hour,
  fast: inTime.minutes,
  fastOfHour: inTime.hour,
  errorRatio: perWindow((window) =>
    recordingRule(
      `service:error_ratio:${window}`,
      "1",
      `Share of requests and messages that failed within ${window}.`,
      SERVICE,
      promql`${over(errors, window)} / (${over(all, window)} > 0)`,
    ),
  ),
  slowRatio: perWindow((window) =>
    recordingRule(
      `service:slow_ratio:${window}`,
      "1",
      `Share of requests and messages slower than the target \`le\` within ${window}.`,
      TARGET,
      promql`1 - ${over(inTime, window)} / on (service_name) group_left () (${over(all, window)} > 0)`,
    ),
  ),
} as const;

/** Rules in the order they rest on each other. */
export const SERVICE_LEVEL_RECORDS: readonly RecordingRule[] = [
  serviceLevels.spans,
  serviceLevels.errors,
  serviceLevels.fast,
  serviceLevels.spansOfHour,
  serviceLevels.errorsOfHour,
  serviceLevels.fastOfHour,
  ...Object.values(serviceLevels.errorRatio),
  ...Object.values(serviceLevels.slowRatio),
];

/** Share of the budget of 30 days that is left, below 0 when overspent; a dashboard gives it the objective in force. */
export function budgetRemaining(objective: number): Query {
  return promql`1 - ${serviceLevels.errorRatio["30d"]} / ${toBudget(objective)}`;
}

/** Share that may fail. */
export function toBudget(objective: number): number {
  return Number((1 - objective).toPrecision(6));
}
