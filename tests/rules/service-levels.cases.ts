import { growing, type RuleCase, type Shape, steady, andThen } from "./rule-case.ts";

const SERVICE =
  'job="crawler", instance="gpu-1", service_name="crawler", span_name="GET /crawl", span_kind="SPAN_KIND_SERVER"';
const crawler = { service_name: "crawler" };
const GATEWAY = 'up{job="gateway", instance="gateway-a:8889"}';
const requests = (status: "UNSET" | "ERROR") =>
  `traces_span_metrics_calls_total{${SERVICE}, status_code="STATUS_CODE_${status}"}`;
const inTime = (le: string) =>
  `traces_span_metrics_duration_seconds_bucket{${SERVICE}, status_code="STATUS_CODE_UNSET", le="${le}"}`;
/** A hundred requests a minute, and those of them that are served within 2.5 s. */
const served = (within: Shape): Readonly<Record<string, Shape>> => ({
  [requests("UNSET")]: growing(100),
  [inTime("2.5")]: within,
  [inTime("+Inf")]: growing(100),
});

const availability: readonly RuleCase[] = [
  {
    alert: "ErrorBudgetBurningFast",
    title: "a tenth of the requests fail",
    series: { [requests("UNSET")]: growing(90), [requests("ERROR")]: growing(10) },
    at: "70m",
    fires: [crawler],
  },
  {
    alert: "ErrorBudgetBurningFast",
    title: "a tenth of the requests failed, and none has for half an hour",
    series: { [requests("UNSET")]: growing(90), [requests("ERROR")]: andThen(growing(10), "30m", steady(300)) },
    at: "70m",
    fires: [],
  },
  {
    alert: "ErrorBudgetBurningFast",
    title: "one of five requests an hour fails",
    series: { [requests("UNSET")]: growing(0.08), [requests("ERROR")]: growing(0.02) },
    at: "120m",
    fires: [],
  },
  {
    alert: "ErrorBudgetBurningFast",
    title: "a fifth fails, and the environment promises no more than nine of ten",
    series: { [requests("UNSET")]: growing(80), [requests("ERROR")]: growing(20) },
    at: "70m",
    fires: [],
    thresholds: { availability: 0.9 },
  },
  {
    alert: "ErrorBudgetBurningSlowly",
    title: "1 % of the requests fail for hours",
    series: { [requests("UNSET")]: growing(99), [requests("ERROR")]: growing(1) },
    at: "130m",
    fires: [crawler],
  },
  {
    alert: "ErrorBudgetBurningSlowly",
    title: "0.2 % of the requests fail, which is within the objective",
    series: { [requests("UNSET")]: growing(499), [requests("ERROR")]: growing(1) },
    at: "130m",
    fires: [],
  },
];

const latency: readonly RuleCase[] = [
  {
    alert: "LatencyBudgetBurningFast",
    title: "four of five requests take over 2.5 s",
    series: served(growing(20)),
    at: "70m",
    fires: [{ ...crawler, le: "2.5" }],
  },
  {
    alert: "LatencyBudgetBurningFast",
    title: "one request in fifty takes over 2.5 s",
    series: served(growing(98)),
    at: "70m",
    fires: [],
  },
  {
    alert: "LatencyBudgetBurningSlowly",
    title: "a tenth of the requests take over 2.5 s for hours",
    series: served(growing(90)),
    at: "130m",
    fires: [{ ...crawler, le: "2.5" }],
  },
  {
    alert: "LatencyBudgetBurningSlowly",
    title: "one request in fifty takes over 2.5 s for hours",
    series: served(growing(98)),
    at: "130m",
    fires: [],
  },
];

const partners: readonly RuleCase[] = [
  {
    alert: "ServiceSilent",
    title: "a service asked all day is asked no more",
    series: { [requests("UNSET")]: andThen(growing(60), "400m", steady(24_000)), [GATEWAY]: steady(1) },
    at: "450m",
    fires: [crawler],
  },
  {
    alert: "ServiceSilent",
    title: "a service is asked once an hour",
    series: { [requests("UNSET")]: (seconds) => Math.floor(seconds / 3600), [GATEWAY]: steady(1) },
    at: "450m",
    fires: [],
  },
  {
    alert: "ServiceSilent",
    title: "every gateway is down, which is another alert's matter",
    series: { [requests("UNSET")]: andThen(growing(60), "400m", steady(24_000)), [GATEWAY]: steady(0) },
    at: "450m",
    fires: [],
  },
  {
    alert: "LatencyUnmeasured",
    title: "the environment's target is no bound of a bucket",
    series: served(growing(98)),
    at: "30m",
    fires: [crawler],
    thresholds: { latencySeconds: 3 },
  },
  {
    alert: "LatencyUnmeasured",
    title: "the target is counted",
    series: served(growing(98)),
    at: "30m",
    fires: [],
  },
];

export const cases: readonly RuleCase[] = [...availability, ...latency, ...partners];
