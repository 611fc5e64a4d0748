import { satellite as signals, spans } from "../../components/signals/applications.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { callGraph, logs, metric, traces } from "../library/panel-query.ts";
import { ON_ENVIRONMENT } from "../library/variables.ts";
import { APPLICATIONS, calls, failureShare, quantile, quantiles } from "./expressions.ts";
import { healthSteps } from "./steps.ts";

const AGENT = `${ON_ENVIRONMENT}, service_name="satellite-agent", span_kind="SPAN_KIND_SERVER"`;
const MODEL = `${ON_ENVIRONMENT}, service_name="satellite-model-server"`;
const SERVED = `${MODEL}, span_kind="SPAN_KIND_SERVER"`;
const DEPLOYMENTS = `${ON_ENVIRONMENT}, service_name="satellite-agent", span_name=~"deployment[.].+"`;
const SERVICES = "satellite-.+";

/** Satellite: its agent, deployments, containers and model server (S2 L64-77). */
export function satellite(numbers: Numbers): DashboardDefinition {
  return {
    uid: "satellite",
    description: "Satellite's agent and model servers: requests, deployments, containers, inference and health.",
    tags: ["applications"],
    variables: [APPLICATIONS],
    links: ["request-flow", "ml-models", "gpu-workloads"],
    rows: [
      { title: "Agent", panels: [requests, errors, latency] },
      { title: "Deployments and containers", panels: [deployments, deploymentTime, containers] },
      { title: "Model server", panels: [inference, compute, health(numbers), healthTime] },
      { title: "Whole", panels: [counter, graph, failed, lines] },
    ],
  };
}

const requests: Panel = {
  title: "Requests to the agent",
  description: "Requests a second by route.",
  kind: "timeseries",
  queries: [metric(calls(AGENT, "http_route"), "{{http_route}}")],
  unit: "{request}/s",
  empty: "Nobody called the agent.",
  width: 8,
};

const errors: Panel = {
  title: "Failing requests",
  description: "Share of the agent's requests that failed, by route.",
  kind: "timeseries",
  queries: [metric(failureShare(AGENT, "http_route"), "{{http_route}}")],
  unit: "1",
  empty: "Nobody called the agent.",
  min: 0,
  width: 8,
};

const latency: Panel = {
  title: "Latency of requests, P95",
  description: "One request in twenty takes longer, by route.",
  kind: "timeseries",
  queries: [metric(quantile(0.95, spans.duration, AGENT, "http_route"), "{{http_route}}")],
  empty: "Nobody called the agent.",
  width: 8,
};

const deployments: Panel = {
  title: "Deployments",
  description: "Steps of deployments a second, by step.",
  kind: "timeseries",
  queries: [metric(calls(DEPLOYMENTS, "span_name"), "{{span_name}}")],
  unit: "{deployment}/s",
  empty: "Nothing was deployed.",
};

const deploymentTime: Panel = {
  title: "Deployment time",
  description: "Half of the deployments, one in twenty and one in a hundred take longer.",
  kind: "timeseries",
  queries: quantiles(spans.duration, DEPLOYMENTS),
  empty: "Nothing was deployed.",
};

const containers: Panel = {
  title: "Life of containers",
  description:
    "Traces in which the agent created, started, stopped or removed a container; the events stand on the span.",
  kind: "traces",
  queries: [traces('{ event:name =~ "container.+" && resource.service.name = "satellite-agent" }')],
  unit: "{text}",
  empty: "No container was touched.",
};

const inference: Panel = {
  title: "Inference",
  description: "Half of the computations, one in twenty and one in a hundred take longer.",
  kind: "timeseries",
  queries: quantiles(spans.duration, `${MODEL}, span_name="model.compute"`),
  empty: "No model computed anything.",
};

const compute: Panel = {
  title: "Requests to model servers",
  description: "Requests a second by route.",
  kind: "timeseries",
  queries: [metric(calls(SERVED, "http_route"), "{{http_route}}")],
  unit: "{request}/s",
  empty: "Nobody called a model server.",
};

const health = (numbers: Numbers): Panel => ({
  title: "Health checks failing",
  description: "Share of the health checks of model servers that failed.",
  kind: "timeseries",
  queries: [metric(failureShare(`${SERVED}, http_route="/healthz"`, "host_name"), "{{host_name}}")],
  unit: "1",
  empty: "Nobody asked a model server for its health.",
  min: 0,
  ...healthSteps(numbers),
});

const healthTime: Panel = {
  title: "Health checks, P95",
  description: "One health check in twenty takes longer: a server that answers slowly will soon not answer.",
  kind: "timeseries",
  queries: [metric(quantile(0.95, spans.duration, `${SERVED}, http_route="/healthz"`, "host_name"), "{{host_name}}")],
  empty: "Nobody asked a model server for its health.",
};

const counter: Panel = {
  title: "Example counter",
  description: "The documents' own example, `my_counter`, by its label.",
  kind: "timeseries",
  queries: [
    metric(promql`sum by (label) (rate(${signals.example}{${ON_ENVIRONMENT}}[$__rate_interval]))`, "{{label}}"),
  ],
  empty: "No program counts the example.",
};

const graph: Panel = {
  title: "Calls",
  description: "Who calls whom between agent and model servers.",
  kind: "node-graph",
  queries: [callGraph('client=~"satellite-.+"')],
  unit: "{request}/s",
  empty: "The agent called nobody.",
  width: 12,
};

const failed: Panel = {
  title: "Failed requests",
  description: "Traces with an error in agent or model server.",
  kind: "traces",
  queries: [
    traces(`{ status = error && resource.service.name =~ "${SERVICES}" }`, { absentWhile: "no request failed" }),
  ],
  unit: "{text}",
  empty: "No request failed.",
};

const lines: Panel = {
  title: "Lines of Satellite",
  description: "What agent and model servers wrote; a line with a trace id opens its trace.",
  kind: "logs",
  queries: [logs(logql`{${log.service}=~"${SERVICES}", ${log.environment}=~"$environment"}`)],
  unit: "{text}",
  empty: "Satellite wrote nothing.",
};
