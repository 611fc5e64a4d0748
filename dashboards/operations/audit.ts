import { log, logql } from "../../components/signals/log-fields.ts";
import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { logs } from "../library/panel-query.ts";
import { environmentFrom } from "../library/variables.ts";

/** An event is an audit event when it says what was done. */
const EVENTS = logql`{${log.environment}=~"$environment"} | ${log.auditAction}!=""`;
const NONE = "No program wrote an audit event.";
const OPTIONS = { absentWhile: "no program writes audit events" };

/** Who did what to which model (S4 L14). */
export function audit(_numbers: Numbers): DashboardDefinition {
  return {
    uid: "audit",
    description: "Audit events of ML operations: who trained, deployed, changed or read which model, and when.",
    tags: ["operations"],
    variables: [environmentFrom(promql`${node.load1}`)],
    links: ["ml-models", "log-analytics"],
    rows: [
      { title: "Events", panels: [byAction, byActor, refused] },
      { title: "Who did what", panels: [who, events] },
    ],
    from: "now-24h",
  };
}

const byAction: Panel = {
  title: "Events by action",
  description: "What was done.",
  kind: "timeseries",
  queries: [
    logs(logql`sum by (${log.auditAction}) (count_over_time(${EVENTS} [$__auto]))`, "{{audit_action}}", OPTIONS),
  ],
  unit: "{event}",
  empty: NONE,
  min: 0,
  stack: true,
  width: 8,
};

const byActor: Panel = {
  title: "Events by actor",
  description: "Who did it; the ten busiest.",
  kind: "timeseries",
  queries: [
    logs(
      logql`topk(10, sum by (${log.auditActor}) (count_over_time(${EVENTS} [$__auto])))`,
      "{{audit_actor}}",
      OPTIONS,
    ),
  ],
  unit: "{event}",
  empty: NONE,
  min: 0,
  stack: true,
  width: 8,
};

const refused: Panel = {
  title: "Refused",
  description: "What somebody tried and was not allowed, by actor.",
  kind: "timeseries",
  queries: [
    logs(
      logql`sum by (${log.auditActor}) (count_over_time(${EVENTS} | ${log.auditOutcome}="refused" [$__auto]))`,
      "{{audit_actor}}",
      { absentWhile: "nobody was refused anything" },
    ),
  ],
  unit: "{event}",
  empty: "Nobody was refused anything.",
  min: 0,
  stack: true,
  width: 8,
};

const who: Panel = {
  title: "Actors and models",
  description: "How often each actor did what to which model within the range shown.",
  kind: "table",
  queries: [
    logs(
      logql`sum by (${log.auditActor}, ${log.auditAction}, ${log.auditObject}) (count_over_time(${EVENTS} [$__range]))`,
      "events",
      OPTIONS,
    ),
  ],
  unit: "{event}",
  empty: NONE,
};

const events: Panel = {
  title: "Audit events",
  description: "Each event with its actor, action, model and trace, newest first.",
  kind: "logs",
  queries: [logs(EVENTS, "", OPTIONS)],
  unit: "{text}",
  empty: NONE,
  height: 12,
};
