import { log, logql } from "../../components/signals/log-fields.ts";
import { promql, type Query } from "../../components/signals/query.ts";
import {
  budgetRemaining,
  serviceLevels,
  toBudget,
  type Window,
} from "../../components/signals/recordings-service-levels.ts";
import { failedRequests } from "../library/failed-requests.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { logs, metric } from "../library/panel-query.ts";
import { serviceFrom } from "../library/variables.ts";

const SERVICE = 'service_name=~"$service_name"';
const NAMED = "{{service_name}}";
const NONE = "No service took a request in.";
const TO_REQUESTS: PanelLink = { title: "Its requests", to: "request-flow", labels: ["service_name"] };

/** Whether services keep what was promised, and how fast they use up what may fail (S1 L208, S4 L127). */
export function sla(numbers: Numbers): DashboardDefinition {
  return {
    uid: "sla",
    description:
      "Availability and latency of every service against the objectives: compliance, error budget, burn rate.",
    tags: ["operations"],
    variables: [serviceFrom(promql`${serviceLevels.spans}`)],
    links: ["request-flow", "workflows", "media-clustering"],
    rows: [
      { title: "Compliance", panels: [compliance(numbers)] },
      { title: "Requests that fail", panels: [available(numbers), budget(numbers), burn(numbers)] },
      { title: "Requests that are slow", panels: [inTime(numbers), slowBudget(numbers), slowBurn(numbers)] },
      { title: "What it rests on", panels: [requests, failed, lines] },
    ],
    from: "now-24h",
  };
}

const errors = (window: Window): Query => promql`${serviceLevels.errorRatio[window]}{${SERVICE}}`;
const slow = (window: Window, { serviceLevels: { latencySeconds } }: Numbers): Query =>
  promql`max by (service_name) (${serviceLevels.slowRatio[window]}{${SERVICE}, le="${latencySeconds}"})`;
const availabilityBudget = ({ serviceLevels: { availability } }: Numbers) => toBudget(availability);
const latencyBudget = ({ serviceLevels: { latency } }: Numbers) => toBudget(latency);

const compliance = (numbers: Numbers): Panel => ({
  title: "Objectives",
  description:
    "For each service over 30 days: the share of requests that succeeded and that were in time, and how much of what may go wrong is left. Below 0 the objective is missed.",
  kind: "table",
  queries: [
    metric(promql`1 - ${errors("30d")}`, "succeeded", { unit: "1" }),
    metric(promql`1 - ${errors("30d")} / ${availabilityBudget(numbers)}`, "budget left", { unit: "1" }),
    metric(promql`${errors("1h")} / ${availabilityBudget(numbers)}`, "burn, 1 h", { unit: "{times}" }),
    metric(promql`1 - ${slow("30d", numbers)}`, "in time", { unit: "1" }),
    metric(promql`1 - ${slow("30d", numbers)} / ${latencyBudget(numbers)}`, "latency budget left", {
      unit: "1",
    }),
  ],
  unit: "1",
  empty: NONE,
  links: [TO_REQUESTS],
});

/** The three panels of one objective differ in what counts as bad. */
interface Objective {
  readonly bad: (window: Window) => Query;
  readonly objective: number;
  readonly allowed: number;
}

const availability = (numbers: Numbers): Objective => ({
  bad: errors,
  objective: numbers.serviceLevels.availability,
  allowed: availabilityBudget(numbers),
});

const latency = (numbers: Numbers): Objective => ({
  bad: (window) => slow(window, numbers),
  objective: numbers.serviceLevels.latency,
  allowed: latencyBudget(numbers),
});

type Told = Pick<Panel, "title" | "description">;
const ON_SERVICES = { kind: "timeseries", empty: NONE, links: [TO_REQUESTS], width: 8 } as const;

const share = (told: Told, { bad, objective }: Objective): Panel => ({
  ...told,
  ...ON_SERVICES,
  queries: [metric(promql`1 - ${bad("5m")}`, `${NAMED} 5 m`), metric(promql`1 - ${bad("30d")}`, `${NAMED} 30 d`)],
  unit: "1",
  max: 1,
  steps: [
    { from: 0, state: "critical" },
    { from: objective, state: "ok" },
  ],
});

const left = (told: Told, query: Query): Panel => ({
  ...told,
  ...ON_SERVICES,
  queries: [metric(query, NAMED)],
  unit: "1",
  max: 1,
  steps: [
    { from: -1_000_000, state: "critical" },
    { from: 0, state: "ok" },
  ],
});

const burning = (title: string, { bad, allowed }: Objective): Panel => ({
  ...ON_SERVICES,
  title,
  description:
    "How many times as fast as allowed the budget is used, within 1, 6 and 72 hours. " +
    "At 1 the budget lasts 30 days; at 14.4 a fiftieth of it goes in an hour.",
  queries: (["1h", "6h", "3d"] as const).map((window) =>
    metric(promql`${bad(window)} / ${allowed}`, `${NAMED} ${window}`),
  ),
  unit: "{times}",
  min: 0,
  steps: [{ from: 1, state: "warning" }],
});

const available = (numbers: Numbers): Panel =>
  share(
    {
      title: "Succeeded",
      description:
        "Share of requests that succeeded within 5 minutes, and within 30 days. Below the line is too little.",
    },
    availability(numbers),
  );

const budget = (numbers: Numbers): Panel =>
  left(
    {
      title: "Error budget left",
      description: "Share of what may fail in 30 days that is left. Below 0 the objective is missed.",
    },
    promql`${budgetRemaining(numbers.serviceLevels.availability)} and ${errors("30d")}`,
  );

const burn = (numbers: Numbers): Panel => burning("Burn rate of errors", availability(numbers));

const inTime = (numbers: Numbers): Panel =>
  share(
    {
      title: "In time",
      description: `Share of requests served within ${numbers.serviceLevels.latencySeconds} s, over 5 minutes and 30 days.`,
    },
    latency(numbers),
  );

const slowBudget = (numbers: Numbers): Panel =>
  left(
    {
      title: "Latency budget left",
      description: "Share of what may be slow in 30 days that is left. Below 0 the objective is missed.",
    },
    promql`1 - ${slow("30d", numbers)} / ${latencyBudget(numbers)}`,
  );

const slowBurn = (numbers: Numbers): Panel => burning("Burn rate of slowness", latency(numbers));

const requests: Panel = {
  title: "Requests",
  description: "Requests and messages each service took in within 5 minutes, and those that failed.",
  kind: "timeseries",
  queries: [
    metric(promql`${serviceLevels.spans}{${SERVICE}}`, NAMED),
    metric(promql`${serviceLevels.errors}{${SERVICE}} > 0`, `${NAMED} failed`, { absentWhile: "no request failed" }),
  ],
  unit: "{request}",
  empty: NONE,
  min: 0,
  links: [TO_REQUESTS],
};

const failed = failedRequests({
  title: "Requests that used up budget",
  description: "Traces with an error in a chosen service.",
});

const lines: Panel = {
  title: "Errors in the lines",
  description: "What the chosen services wrote with the severity error or worse; a trace id opens its trace.",
  kind: "logs",
  queries: [
    logs(logql`{${log.service}=~"$service_name"} | ${log.level}=~"error|critical|fatal"`, "", {
      absentWhile: "no service writes errors",
    }),
  ],
  unit: "{text}",
  empty: "No service wrote an error.",
};
