import { crawler, spans } from "../../components/signals/applications.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { bucketsOf, promql } from "../../components/signals/query.ts";
import { toBudget } from "../../components/signals/recordings-service-levels.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { callGraph, logs, metric, traces } from "../library/panel-query.ts";
import { OF_SERVICE, serviceFrom } from "../library/variables.ts";
import { failedRequests } from "../library/failed-requests.ts";
import { APPLICATIONS, calls, ENTRY, failureShare, quantile } from "./expressions.ts";
import { betweenServices, queueRows } from "./queues.ts";

const HOP = "service_name, span_name";
const HOP_LEGEND = "{{service_name}} {{span_name}}";
const ENTERING = `${OF_SERVICE}, ${ENTRY}`;
const TO_SERVICE: PanelLink = { title: "Only this service", to: "request-flow", labels: ["service_name"] };

/** A request on its way from service to service: where it waits and where it fails (S0-05 to S0-09). */
export function requestFlow(numbers: Numbers): DashboardDefinition {
  return {
    uid: "request-flow",
    description: "What happens to a request between crawler, queue, agent and database: where it waits and fails.",
    tags: ["applications"],
    variables: [APPLICATIONS, serviceFrom(promql`${spans.calls}{deployment_environment_name=~"$environment"}`)],
    links: ["gpu-workloads", "sla", "log-analytics"],
    rows: [
      { title: "Now", panels: [throughput, failing(numbers), slowest, crawls] },
      { title: "Hops", panels: [median, p95, p99, spread, hops] },
      ...queueRows,
      { title: "Who calls whom", panels: [graph, betweenServices] },
      { title: "Background jobs", panels: [jobs, jobLatency] },
      { title: "Requests", panels: [failures, slow, lines] },
    ],
  };
}

const throughput: Panel = {
  title: "Requests",
  description: "Requests and messages the chosen services took in a second.",
  kind: "stat",
  queries: [metric(promql`sum(rate(${spans.calls}{${ENTERING}}[$__rate_interval]))`, "")],
  unit: "{request}/s",
  empty: "No request came in.",
  width: 6,
};

const failing = ({ serviceLevels }: Numbers): Panel => ({
  title: "Failing",
  description: "Share of requests and messages that failed.",
  kind: "stat",
  queries: [metric(failureShare(ENTERING, "deployment_environment_name"), "")],
  unit: "1",
  empty: "No request came in.",
  steps: [{ from: toBudget(serviceLevels.availability), state: "critical" }],
  width: 6,
});

const slowest: Panel = {
  title: "95th percentile",
  description: "One request in twenty takes longer than this, over all services chosen.",
  kind: "stat",
  queries: [metric(quantile(0.95, spans.duration, ENTERING), "")],
  empty: "No request came in.",
  width: 6,
};

const crawls: Panel = {
  title: "Crawl, 95th percentile",
  description: "One crawl request in twenty takes longer than this, as the crawler measures it.",
  kind: "stat",
  queries: [metric(quantile(0.95, crawler.requestDuration, 'deployment_environment_name=~"$environment"'), "")],
  empty: "The crawler does nothing.",
  width: 6,
};

const hopLatency = (name: string, share: number, description: string): Panel => ({
  title: `Hop latency, ${name}`,
  description,
  kind: "timeseries",
  queries: [metric(quantile(share, spans.duration, ENTERING, HOP), HOP_LEGEND)],
  empty: "No request came in.",
  links: [TO_SERVICE],
  width: 8,
});

const median = hopLatency("P50", 0.5, "Half of the requests take longer at this hop.");
const p95 = hopLatency("P95", 0.95, "One request in twenty takes longer at this hop.");
const p99 = hopLatency("P99", 0.99, "One request in a hundred takes longer at this hop.");

const spread: Panel = {
  title: "Spread of latency",
  description: "How many requests took how long. Two bands mean two kinds of request, such as hits and misses.",
  kind: "heatmap",
  queries: [
    metric(promql`sum by (le) (increase(${bucketsOf(spans.duration)}{${ENTERING}}[$__rate_interval]))`, "{{le}}"),
  ],
  unit: "s",
  empty: "No request came in.",
  width: 24,
};

const hops: Panel = {
  title: "Every hop",
  description: "Each place where requests enter a service, with its load, failures and latency.",
  kind: "table",
  queries: [
    metric(calls(ENTERING, HOP), "per second", { unit: "{request}/s" }),
    metric(failureShare(ENTERING, HOP), "failing", { unit: "1" }),
    metric(quantile(0.5, spans.duration, ENTERING, HOP), "P50", { unit: "s" }),
    metric(quantile(0.95, spans.duration, ENTERING, HOP), "P95", { unit: "s" }),
    metric(quantile(0.99, spans.duration, ENTERING, HOP), "P99", { unit: "s" }),
  ],
  unit: "s",
  empty: "No request came in.",
  links: [TO_SERVICE],
};

const graph: Panel = {
  title: "Service graph",
  description: "Services and the calls between them; red is the share that fails. A node opens its traces.",
  kind: "node-graph",
  queries: [callGraph()],
  unit: "{request}/s",
  empty: "No service called another.",
  height: 12,
};

const INSIDE = `${OF_SERVICE}, span_kind="SPAN_KIND_INTERNAL"`;

const jobs: Panel = {
  title: "Background jobs",
  description: "Steps a second that no request waits for by itself: refreshes, scheduling, inference.",
  kind: "timeseries",
  queries: [metric(promql`topk(10, ${calls(INSIDE, HOP)})`, HOP_LEGEND)],
  unit: "{call}/s",
  empty: "No service works in the background.",
};

const jobLatency: Panel = {
  title: "Background jobs, P95",
  description: "One run in twenty of the ten slowest steps takes longer.",
  kind: "timeseries",
  queries: [metric(promql`topk(10, ${quantile(0.95, spans.duration, INSIDE, HOP)})`, HOP_LEGEND)],
  unit: "s",
  empty: "No service works in the background.",
};

const failures = failedRequests({
  title: "Failed requests",
  description: "Traces with an error, newest first; each opens with its spans, and from there its lines and metrics.",
});

const slow: Panel = {
  title: "Slow requests",
  description: "Traces of which some hop took more than half a second.",
  kind: "traces",
  queries: [
    traces('{ duration > 500ms && resource.service.name =~ "$service_name" }', { absentWhile: "no request is slow" }),
  ],
  unit: "{text}",
  empty: "No request took longer than half a second.",
  width: 12,
};

const lines: Panel = {
  title: "Lines of the services",
  description: "What the chosen services wrote; a line with a trace id opens its trace.",
  kind: "logs",
  queries: [logs(logql`{${log.service}=~"$service_name", ${log.environment}=~"$environment"}`)],
  unit: "{text}",
  empty: "The chosen services wrote nothing.",
};
