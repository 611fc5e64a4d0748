import { spans } from "../../signals/applications.ts";
import { growth } from "../../signals/growth.ts";
import { promql } from "../../signals/query.ts";
import { WORKFLOW, workflows } from "../../signals/recordings-workflows.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { WorkloadsThresholds } from "./thresholds.ts";

/** The documents' monitor names this team (C-22). */
const TEAM = "data-platform";
const FAILED = `${WORKFLOW}, status_code="STATUS_CODE_ERROR"`;
/** `WORKFLOW` as Datadog filters spans. */
const WORKFLOW_SPANS = "span.name:pipeline.*";
/** Of the service that failed: any service may run workflows. */
const ERROR_LOGS = '{service_name="{{ $labels.service_name }}"} | severity_text=~"ERROR|FATAL"';

/** Volnux workflows, from what gateways count before any trace is sampled away (C-03). */
export const workflowAlerts = (thresholds: WorkloadsThresholds): readonly AlertDefinition[] => [
  highErrorRate(thresholds),
  slowWorkflows(thresholds),
  failedWorkflows,
  timeoutErrors(thresholds),
];

const highErrorRate = ({ workflowErrorRate, workflowErrorRuns }: WorkloadsThresholds): AlertDefinition => ({
  name: "HighErrorRate",
  severity: "critical",
  meaning: "Too large a share of workflows failed within five minutes.",
  summary: "{{ $value | humanizePercentage }} of the workflows of {{ $labels.service_name }} failed within 5 minutes.",
  query: promql`
    sum by (service_name) (${growth(spans.calls, "5m", FAILED)})
    / (sum by (service_name) (${growth(spans.calls, "5m", WORKFLOW)}) >= ${workflowErrorRuns})
    > ${workflowErrorRate}`,
  team: TEAM,
  impact: "Their results are missing; failures of one cause go on until it is mended.",
  actions: [
    "See which workflow and which task fails first on the dashboard, and open a failed trace: all of them are kept.",
    "One task in all traces: read its exception. All tasks: look at the database, the network and the host.",
    "A release within the last hour: go back to the one before.",
  ],
  knobs: ["alerts.workloads.workflowErrorRate", "alerts.workloads.workflowErrorRuns"],
  dashboard: "workflows",
  logs: ERROR_LOGS,
  datadog: {
    ...datadog`sum(last_5m):sum:${spans.calls}{${WORKFLOW_SPANS},status.code:status_code_error} by {service}.as_count() / sum:${spans.calls}{${WORKFLOW_SPANS}} by {service}.as_count() > ${workflowErrorRate}`,
    ...(workflowErrorRuns > 1 ? { lacks: "the least number of workflows whose share counts" } : {}),
  },
  requirements: ["S1-38", "C-03", "C-22", "C-31"],
});

// Until a workflow has been known for an hour it has no baseline, and an absolute limit stands in for it.
const slowWorkflows = ({ workflowSlowdown, workflowSlowSeconds }: WorkloadsThresholds): AlertDefinition => ({
  name: "SlowWorkflows",
  severity: "warning",
  meaning: "A workflow's P95 is more than twice what it usually is.",
  summary: "P95 of {{ $labels.span_name }} of {{ $labels.service_name }} is {{ $value | humanizeDuration }}.",
  query: promql`
    ${workflows.p95} > ${workflowSlowdown} * ${workflows.baseline}
    or (${workflows.p95} > ${workflowSlowSeconds} unless ${workflows.baseline})`,
  for: "5m",
  team: TEAM,
  impact: "Results come late, and what waits for them piles up.",
  actions: [
    "Compare a slow trace with one of yesterday: the task that grew is the one to look at.",
    "Look at GPU throttling and host load on the dashboard beside it, at the same minutes.",
    "It is slower on purpose: the baseline follows within days; silence this alert until then.",
  ],
  knobs: ["alerts.workloads.workflowSlowdown", "alerts.workloads.workflowSlowSeconds"],
  dashboard: "workflows",
  datadog: {
    exempt:
      "its baseline of a week is a recorded series; components/datadog/document-monitors.ts has one of Datadog's own",
  },
  requirements: ["S1-38", "C-22"],
});

const failedWorkflows: AlertDefinition = {
  name: "FailedWorkflows",
  severity: "warning",
  meaning: "A workflow failed.",
  summary: "{{ $labels.span_name }} of {{ $labels.service_name }} failed.",
  query: promql`sum by (service_name, span_name) (${growth(spans.calls, "10m", FAILED)}) > 0`,
  team: TEAM,
  impact: "Its result is missing until it has run again.",
  actions: [
    "Open its trace, which is always kept: the deepest span with an error has the exception.",
    "Read the log lines of that trace.",
    "Mend the cause and run the workflow again.",
  ],
  dashboard: "workflows",
  logs: ERROR_LOGS,
  datadog: datadog`sum(last_10m):sum:${spans.calls}{${WORKFLOW_SPANS},status.code:status_code_error} by {service,span.name}.as_count() > ${0}`,
  requirements: ["S1-38", "C-03", "C-22"],
};

const timeoutErrors = (thresholds: WorkloadsThresholds): AlertDefinition => ({
  name: "TimeoutErrors",
  severity: "warning",
  meaning: "Executions ran out of time: a span tells of an ExecutionTimeoutError.",
  summary: "{{ $labels.span_name }} of {{ $labels.service_name }} ran out of time.",
  query: promql`
    sum by (service_name, span_name) (${growth(spans.events, "15m", 'exception_type=~"(.+[.])?ExecutionTimeoutError"')})
    > ${thresholds.timeoutErrors}`,
  team: TEAM,
  impact: "The work done until then is lost, and its place was taken from others.",
  actions: [
    "Open a trace that failed: the span with the exception shows which task waited, and the one below it for what.",
    "The task is slower than it was: see SlowWorkflows. It never returns: look for a lock or a connection without a time limit.",
    "Raise the task's limit only where it has grown for good reasons.",
  ],
  knobs: ["alerts.workloads.timeoutErrors"],
  dashboard: "workflows",
  logs: ERROR_LOGS,
  datadog: datadog`sum(last_15m):sum:${spans.events}{exception.type:*executiontimeouterror} by {service,span.name}.as_count() > ${thresholds.timeoutErrors}`,
  requirements: ["S1-38", "C-22"],
});
