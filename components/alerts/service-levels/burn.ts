import { promql, type Query } from "../../signals/query.ts";
import { serviceLevels, toBudget, type Window } from "../../signals/recordings-service-levels.ts";
import type { AlertDefinition, Severity } from "../alert.ts";
import type { ServiceLevelsThresholds } from "./thresholds.ts";

/**
 * Burn rates of the SRE workbook (chapter 5, table 5-8): how many times faster than allowed, over a long window that
 * gives it weight and a short one that ends the alert soon after the fault.
 */
const FAST = [
  { rate: 14.4, long: "1h", short: "5m" },
  { rate: 6, long: "6h", short: "30m" },
] as const;
const SLOW = [
  { rate: 3, long: "1d", short: "2h" },
  { rate: 1, long: "3d", short: "6h" },
] as const;
type Burn = (typeof FAST | typeof SLOW)[number];

/** Availability and latency, each burning fast or slowly. */
export const burnAlerts = (thresholds: ServiceLevelsThresholds): readonly AlertDefinition[] => [
  availabilityFast(thresholds),
  availabilitySlow(thresholds),
  latencyFast(thresholds),
  latencySlow(thresholds),
];

function burning(burns: readonly Burn[], objective: number, ratioOf: (window: Window) => Query): Query {
  return burns
    .map(({ rate, long, short }) => {
      const limit = Number((rate * toBudget(objective)).toPrecision(6));
      return promql`(${ratioOf(long)} > ${limit} and ${ratioOf(short)} > ${limit})`;
    })
    .reduce((all, one) => promql`${all} or ${one}`);
}

const errorRatio = (window: Window): Query => promql`${serviceLevels.errorRatio[window]}`;
const slowRatio =
  ({ latencySeconds }: ServiceLevelsThresholds) =>
  (window: Window): Query =>
    promql`${serviceLevels.slowRatio[window]}{le="${latencySeconds}"}`;

/** Leaves out services that hardly anybody asks: there one failure is a large share. */
const frequent = (query: Query, { requestsAtLeast }: ServiceLevelsThresholds): Query =>
  promql`${query} and on (service_name) ${serviceLevels.spansOfHour} >= ${requestsAtLeast}`;

type Parts = Pick<AlertDefinition, "name" | "meaning" | "summary" | "query" | "impact" | "knobs"> & {
  readonly severity: Severity;
};

const burnAlert = (parts: Parts): AlertDefinition => ({
  for: "2m",
  actions: [
    "See which endpoint and which error or delay it is on the dashboard, and open a trace of it: failed and slow ones are kept.",
    "Follow the trace to the service that failed first: only that one needs mending.",
    parts.severity === "critical"
      ? "A release within the last hour: go back to the one before, then look for the cause."
      : "Plan the mending within the week; until then hold back releases that may make it worse.",
  ],
  dashboard: "sla",
  datadog: {
    exempt: "each rate holds over a long and a short window at once, over recorded ratios: a monitor has one window",
  },
  requirements: ["S1-51"],
  ...parts,
});

const availabilityFast = (t: ServiceLevelsThresholds): AlertDefinition =>
  burnAlert({
    name: "ErrorBudgetBurningFast",
    severity: "critical",
    meaning: "A service fails so often that its month's error budget is gone within days.",
    summary: "{{ $labels.service_name }} fails {{ $value | humanizePercentage }} of its requests.",
    query: frequent(burning(FAST, t.availability, errorRatio), t),
    impact: "Two percent of the budget go each hour, or five each six hours; users notice.",
    knobs: ["alerts.serviceLevels.availability", "alerts.serviceLevels.requestsAtLeast"],
  });

const availabilitySlow = (t: ServiceLevelsThresholds): AlertDefinition =>
  burnAlert({
    name: "ErrorBudgetBurningSlowly",
    severity: "warning",
    meaning: "A service fails somewhat more often than its objective allows, and has for a day or more.",
    summary: "{{ $labels.service_name }} failed {{ $value | humanizePercentage }} of its requests for a day or more.",
    query: burning(SLOW, t.availability, errorRatio),
    impact: "The objective will be missed this month.",
    knobs: ["alerts.serviceLevels.availability"],
  });

const latencyFast = (t: ServiceLevelsThresholds): AlertDefinition =>
  burnAlert({
    name: "LatencyBudgetBurningFast",
    severity: "critical",
    meaning: "A service is slow so often that its month's budget of slow requests is gone within days.",
    summary:
      "{{ $value | humanizePercentage }} of the requests to {{ $labels.service_name }} take over {{ $labels.le }} s.",
    query: frequent(burning(FAST, t.latency, slowRatio(t)), t),
    impact: "Users wait, and callers run into their time limits.",
    knobs: [
      "alerts.serviceLevels.latency",
      "alerts.serviceLevels.latencySeconds",
      "alerts.serviceLevels.requestsAtLeast",
    ],
  });

const latencySlow = (t: ServiceLevelsThresholds): AlertDefinition =>
  burnAlert({
    name: "LatencyBudgetBurningSlowly",
    severity: "warning",
    meaning: "A service is slow somewhat more often than its objective allows, and has been for a day or more.",
    summary:
      "{{ $value | humanizePercentage }} of the requests to {{ $labels.service_name }} took over {{ $labels.le }} s.",
    query: burning(SLOW, t.latency, slowRatio(t)),
    impact: "The objective will be missed this month.",
    knobs: ["alerts.serviceLevels.latency", "alerts.serviceLevels.latencySeconds"],
  });
