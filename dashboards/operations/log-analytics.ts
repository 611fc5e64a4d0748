import { log, logql } from "../../components/signals/log-fields.ts";
import { node } from "../../components/signals/host.ts";
import { loki } from "../../components/signals/backends.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import { LEVEL_STATES } from "../library/palette.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { logs, metric } from "../library/panel-query.ts";
import { environmentFrom, hostFrom } from "../library/variables.ts";

const CHOSEN = logql`{${log.environment}=~"$environment", ${log.host}=~"$host_name"}`;
const BAD = logql`${CHOSEN} | ${log.level}=~"error|critical|fatal"`;
const NONE = "Nobody wrote a line.";
const TO_REQUESTS: PanelLink = { title: "Its requests", to: "request-flow", labels: ["service_name"] };

/** Who writes what, how much and how bad (S4 L49). */
export function logAnalytics(_numbers: Numbers): DashboardDefinition {
  return {
    uid: "log-analytics",
    description: "Lines by severity and by service, the errors among them, and what they weigh.",
    tags: ["operations"],
    variables: [
      environmentFrom(promql`${node.load1}`),
      hostFrom(promql`${node.load1}{deployment_environment_name=~"$environment"}`),
    ],
    links: ["kernel-logs", "request-flow", "audit"],
    rows: [
      { title: "Severity", panels: [bySeverity, errorsByService] },
      { title: "Volume", panels: [byService, bytesByService, received] },
      { title: "Services", panels: [services] },
      { title: "Lines", panels: [traced, bad, all] },
    ],
  };
}

const bySeverity: Panel = {
  title: "Lines by severity",
  description: "Lines of each severity.",
  kind: "timeseries",
  queries: [logs(logql`sum by (${log.level}) (count_over_time(${CHOSEN}[$__auto]))`, "{{detected_level}}")],
  unit: "{line}",
  empty: NONE,
  min: 0,
  stack: true,
  series: LEVEL_STATES,
};

const errorsByService: Panel = {
  title: "Errors by service",
  description: "Lines of severity error or worse, by who wrote them.",
  kind: "timeseries",
  queries: [
    logs(logql`sum by (${log.service}) (count_over_time(${BAD} [$__auto]))`, "{{service_name}}", {
      absentWhile: "no service writes errors",
    }),
  ],
  unit: "{line}",
  empty: "Nobody wrote an error.",
  min: 0,
  stack: true,
  links: [TO_REQUESTS],
};

const byService: Panel = {
  title: "Lines by service",
  description: "Lines a second of the ten services that write most.",
  kind: "timeseries",
  queries: [logs(logql`topk(10, sum by (${log.service}) (rate(${CHOSEN}[$__auto])))`, "{{service_name}}")],
  unit: "{line}/s",
  empty: NONE,
  min: 0,
  stack: true,
  width: 8,
};

const bytesByService: Panel = {
  title: "Bytes by service",
  description: "Bytes a second of the ten services that write most: where to begin when logs cost too much.",
  kind: "timeseries",
  queries: [logs(logql`topk(10, sum by (${log.service}) (bytes_rate(${CHOSEN}[$__auto])))`, "{{service_name}}")],
  unit: "By/s",
  empty: NONE,
  min: 0,
  stack: true,
  width: 8,
};

const received: Panel = {
  title: "Taken in by Loki",
  description: "Lines a second Loki took in, of all environments and hosts, and those it threw away.",
  kind: "timeseries",
  queries: [
    metric(promql`sum(rate(${loki.linesReceived}[$__rate_interval]))`, "taken in"),
    metric(promql`sum by (reason) (rate(${loki.discardedLines}[$__rate_interval]))`, "thrown away: {{reason}}"),
  ],
  unit: "{line}/s",
  empty: "Loki gets no lines.",
  min: 0,
  width: 8,
};

const services: Panel = {
  title: "Services",
  description: "Lines each service wrote within the range shown, by severity.",
  kind: "table",
  queries: [logs(logql`sum by (${log.service}, ${log.level}) (count_over_time(${CHOSEN}[$__range]))`, "lines")],
  unit: "{line}",
  empty: NONE,
  links: [TO_REQUESTS],
};

const traced: Panel = {
  title: "Lines within a trace",
  description:
    "Share of lines that carry a trace id, by service: those open their trace. 0 is a service to instrument.",
  kind: "timeseries",
  queries: [
    logs(
      logql`
        sum by (${log.service}) (count_over_time(${CHOSEN} | ${log.traceId}!="" [$__auto]))
        / sum by (${log.service}) (count_over_time(${CHOSEN}[$__auto]))`,
      "{{service_name}}",
      { absentWhile: "no service writes lines within traces" },
    ),
  ],
  unit: "1",
  empty: "No line carries a trace id.",
  min: 0,
  max: 1,
  width: 24,
};

const bad: Panel = {
  title: "Errors",
  description: "Lines of severity error or worse; a trace id opens its trace.",
  kind: "logs",
  queries: [logs(BAD, "", { absentWhile: "no service writes errors" })],
  unit: "{text}",
  empty: "Nobody wrote an error.",
};

const all: Panel = {
  title: "All lines",
  description: "Everything the chosen hosts wrote, newest first.",
  kind: "logs",
  queries: [logs(CHOSEN)],
  unit: "{text}",
  empty: NONE,
  height: 12,
};
