import { prometheus } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";

const rulesFailing: AlertDefinition = {
  name: "PrometheusRulesFailing",
  severity: "critical",
  meaning: "Prometheus cannot evaluate a rule.",
  summary: "Rules of {{ $labels.rule_group }} fail on Prometheus {{ $labels.instance }}.",
  query: promql`increase(${prometheus.ruleFailures}[10m]) > 0`,
  for: "2m",
  impact: "Alerts of that group do not fire, whatever happens.",
  actions: [
    "Read the rule and its error on Prometheus' page `/rules`.",
    "Many-to-many matching: two series share the labels the rule joins by. Find them with the expression's parts.",
    "Reproduce it as a case: `npm run test:rules`.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S4-41"],
};

const rulesLate: AlertDefinition = {
  name: "PrometheusRulesLate",
  severity: "warning",
  meaning: "Evaluating a group of rules takes longer than the time until it is due again.",
  summary: "{{ $labels.rule_group }} is evaluated too late on Prometheus {{ $labels.instance }}.",
  query: promql`increase(${prometheus.ruleIterationsMissed}[10m]) > 0`,
  for: "10m",
  impact: "Alerts of that group fire late, and recorded series have gaps.",
  actions: [
    "See which query takes the time, on Prometheus' page `/rules`; a range of days over many series is the usual one.",
    "Give Prometheus more processor time, or record the costly part.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};

const alertsNotDelivered: AlertDefinition = {
  name: "AlertsNotDelivered",
  severity: "critical",
  meaning: "Prometheus cannot hand alerts to an Alertmanager.",
  summary: "Prometheus {{ $labels.instance }} cannot deliver alerts to {{ $labels.alertmanager }}.",
  query: promql`
    increase(${prometheus.notificationErrors}[10m]) > 0 or increase(${prometheus.notificationsDropped}[10m]) > 0`,
  for: "5m",
  impact: "With one Alertmanager left the pair still notifies; with none nobody is told of anything.",
  actions: [
    "An Alertmanager that is down has an alert of its own, if this one arrives: act on that.",
    "Both run: test the way between them and the certificates, `npm run verify -- <stack>`.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
  requirements: ["S4-43"],
};

/** Alerting itself. */
export const ruleAlerts: readonly AlertDefinition[] = [rulesFailing, rulesLate, alertsNotDelivered];
