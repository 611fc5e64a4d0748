import { spans, volnux } from "../../components/signals/applications.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { growth } from "../../components/signals/growth.ts";
import { countOf, promql, sumOf } from "../../components/signals/query.ts";
import { WORKFLOW, workflows as usual } from "../../components/signals/recordings-workflows.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { callGraph, logs, metric, traces } from "../library/panel-query.ts";
import { OF_SERVICE, serviceFrom } from "../library/variables.ts";
import { APPLICATIONS, failureShare, quantile, quantiles } from "./expressions.ts";
import { workflowSteps } from "./steps.ts";

/** Root spans, one per workflow; its class is in the name. */
const WORKFLOWS = `${OF_SERVICE}, ${WORKFLOW}`;
const TASKS = `${OF_SERVICE}, span_name=~"task[.]execute[.].+"`;
const NONE = "No workflow ran.";

/** Volnux: how long workflows take, which fail and why (S1 L193-199, L277-289). */
export function workflows(numbers: Numbers): DashboardDefinition {
  return {
    uid: "workflows",
    description: "Workflows of Volnux: duration, failures, timeouts, slow tasks, and what runs now.",
    tags: ["applications"],
    variables: [
      APPLICATIONS,
      serviceFrom(promql`${countOf(volnux.workflowDuration)}{deployment_environment_name=~"$environment"}`),
    ],
    links: ["request-flow", "sla", "cost-energy"],
    rows: [
      { title: "Now", panels: [ran(), failedShare(numbers), reported, parallel] },
      { title: "Workflows", panels: [duration, byClass(numbers), throughput, failures(numbers)] },
      { title: "Tasks", panels: [taskTime, slowTasks, expensiveTasks] },
      { title: "What went wrong", panels: [exceptions, failedList, timeouts] },
      { title: "Running and past", panels: [latest, graph, lines] },
    ],
  };
}

const ran = (): Panel => ({
  title: "Workflows",
  description: "Workflows finished within the range shown.",
  kind: "stat",
  queries: [metric(promql`sum(increase(${countOf(volnux.workflowDuration)}{${OF_SERVICE}}[$__range]))`, "")],
  unit: "{workflow}",
  empty: NONE,
  width: 6,
});

const failedShare = (numbers: Numbers): Panel => ({
  title: "Failing",
  description: "Share of workflows whose root span failed, counted before any trace is sampled away.",
  kind: "stat",
  queries: [metric(failureShare(WORKFLOWS, "service_name"), "")],
  unit: "1",
  empty: NONE,
  width: 6,
  ...workflowSteps(numbers),
});

const reported: Panel = {
  title: "Error rate as reported",
  description: "`workflow.error_rate` as Volnux itself states it.",
  kind: "stat",
  queries: [metric(promql`max by (service_name) (${volnux.workflowErrorRate}{${OF_SERVICE}})`, "")],
  unit: "1",
  empty: NONE,
  width: 6,
};

const parallel: Panel = {
  title: "Tasks side by side",
  description: "Tasks that run at the same time.",
  kind: "stat",
  queries: [metric(promql`sum by (service_name) (${volnux.parallelTasks}{${OF_SERVICE}})`, "")],
  unit: "{task}",
  empty: NONE,
  width: 6,
};

const duration: Panel = {
  title: "Workflow duration",
  description: "`workflow.duration`: half of the workflows, one in twenty and one in a hundred take longer.",
  kind: "timeseries",
  queries: quantiles(volnux.workflowDuration, OF_SERVICE),
  empty: NONE,
};

const byClass = ({ workloads }: Numbers): Panel => ({
  title: "P95 by pipeline, and what it usually is",
  description: `One run in twenty of each pipeline class takes longer. Above ${workloads.workflowSlowdown} times its baseline, the median of a week, it is slow.`,
  kind: "timeseries",
  queries: [
    metric(promql`${usual.p95}{service_name=~"$service_name"}`, "{{span_name}}"),
    metric(promql`${usual.baseline}{service_name=~"$service_name"}`, "{{span_name}} usually"),
  ],
  unit: "s",
  empty: NONE,
  min: 0,
});

const throughput: Panel = {
  title: "Throughput",
  description: "Workflows finished in a second.",
  kind: "timeseries",
  queries: [
    metric(
      promql`sum by (service_name) (rate(${countOf(volnux.workflowDuration)}{${OF_SERVICE}}[$__rate_interval]))`,
      "{{service_name}}",
    ),
  ],
  unit: "{workflow}/s",
  empty: NONE,
};

const failures = (numbers: Numbers): Panel => ({
  title: "Failing by pipeline",
  description: "Share of the runs of each pipeline class that failed. Past the line an alert fires.",
  kind: "timeseries",
  queries: [metric(failureShare(WORKFLOWS, "span_name"), "{{span_name}}")],
  unit: "1",
  empty: NONE,
  min: 0,
  ...workflowSteps(numbers),
});

const taskTime: Panel = {
  title: "Task time",
  description: "`task.execution_time`: half of the tasks, one in twenty and one in a hundred take longer.",
  kind: "timeseries",
  queries: quantiles(volnux.taskExecutionTime, OF_SERVICE),
  empty: "No task ran.",
};

const slowTasks: Panel = {
  title: "Slowest tasks",
  description: "The ten tasks whose 95th percentile is longest.",
  kind: "timeseries",
  queries: [metric(promql`topk(10, ${quantile(0.95, spans.duration, TASKS, "span_name")})`, "{{span_name}}")],
  unit: "s",
  empty: "No task ran.",
};

const expensiveTasks: Panel = {
  title: "Tasks by time spent",
  description: "Where the time of workflows goes: runs and total time of each task within the range shown.",
  kind: "table",
  queries: [
    metric(promql`sum by (span_name) (increase(${spans.calls}{${TASKS}}[$__range]))`, "runs", { unit: "{run}" }),
    metric(promql`sum by (span_name) (increase(${sumOf(spans.duration)}{${TASKS}}[$__range]))`, "time", { unit: "s" }),
  ],
  unit: "s",
  empty: "No task ran.",
};

const exceptions: Panel = {
  title: "Exceptions",
  description:
    "Exceptions on spans within 5 minutes, by type; `ExecutionTimeoutError` is a workflow that ran out of time.",
  kind: "timeseries",
  queries: [
    metric(promql`sum by (exception_type) (${growth(spans.events, "5m", OF_SERVICE)})`, "{{exception_type}}", {
      absentWhile: "no span tells of an exception",
    }),
  ],
  unit: "{exception}",
  empty: "No exception was recorded.",
  width: 24,
};

const failedList: Panel = {
  title: "Failed workflows",
  description: "Runs with the status FAILED, newest first; each opens with its spans and the exception on them.",
  kind: "traces",
  queries: [
    traces('{ span.workflow.status = "FAILED" && resource.service.name =~ "$service_name" }', {
      absentWhile: "no workflow failed",
    }),
  ],
  unit: "{text}",
  empty: "No workflow failed.",
  width: 12,
};

const timeouts: Panel = {
  title: "Timeouts",
  description: "Runs in which a span recorded an `ExecutionTimeoutError`.",
  kind: "traces",
  queries: [
    traces('{ event.exception.type =~ ".*ExecutionTimeoutError" && resource.service.name =~ "$service_name" }', {
      absentWhile: "no workflow ran out of time",
    }),
  ],
  unit: "{text}",
  empty: "No workflow ran out of time.",
  width: 12,
};

const latest: Panel = {
  title: "Latest workflows",
  description: "Runs as they come in.",
  kind: "traces",
  queries: [traces('{ name =~ "pipeline.+" && resource.service.name =~ "$service_name" }')],
  unit: "{text}",
  empty: NONE,
  width: 12,
};

const graph: Panel = {
  title: "Workflows across services",
  description: "Services the workflows call.",
  kind: "node-graph",
  queries: [callGraph()],
  unit: "{request}/s",
  empty: "No workflow called another service.",
  width: 12,
};

const lines: Panel = {
  title: "Lines of the workflows",
  description: "What the workflow services wrote; a line with a trace id opens its run.",
  kind: "logs",
  queries: [
    logs(logql`{${log.service}=~"$service_name", ${log.environment}=~"$environment"}`, "", {
      absentWhile: "workflows write no lines",
    }),
  ],
  unit: "{text}",
  empty: "Workflows wrote nothing.",
};
