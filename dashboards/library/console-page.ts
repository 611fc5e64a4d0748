import { DASHBOARDS, type DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import type { ConsolePage, ConsolePanel, ConsolePanelKind, ConsoleQuery } from "../../components/console/definition.ts";
import { toSeconds } from "../../components/core/units.ts";
import type { DashboardDefinition } from "./dashboard.ts";
import { sizeOf } from "./layout.ts";
import type { Panel, PanelKind } from "./panel.ts";
import type { PanelQuery } from "./panel-query.ts";
import { unitOf } from "./render-panel.ts";

export interface ConsoleOptions {
  /** Dashboards that links may lead to. */
  readonly shown: readonly DashboardUid[];
  /** Whether there is a Loki to ask. */
  readonly hasLogs: boolean;
}

/** Kinds of panels the console draws, under its own names. */
const DRAWN: Readonly<Partial<Record<PanelKind, ConsolePanelKind>>> = {
  timeseries: "timeseries",
  stat: "stat",
  gauge: "stat",
  table: "table",
  "state-timeline": "state-timeline",
};

/** A dashboard as the console's page: the same panels and queries, without anything of Grafana's format. */
export function toConsolePage(definition: DashboardDefinition, options: ConsoleOptions): ConsolePage {
  const { uid, description, variables, rows } = definition;
  return {
    uid,
    title: DASHBOARDS[uid],
    description,
    variables: variables.map(({ name, title, query, label = name, multi = true }) => ({
      name,
      title,
      query: query.text,
      label,
      multi,
    })),
    rows: rows
      .map(({ title, panels }) => ({ title, panels: panels.flatMap((panel) => toPanel(panel, options)) }))
      .filter(({ panels }) => panels.length > 0),
  };
}

/** Nothing for a panel that needs Grafana: traces, log lines, graphs of calls. */
function toPanel(panel: Panel, { shown, hasLogs }: ConsoleOptions): readonly ConsolePanel[] {
  const {
    title,
    description,
    queries,
    empty,
    steps = [],
    words,
    columnWords,
    hidden,
    links = [],
    min,
    max,
    stack,
  } = panel;
  const kind = DRAWN[panel.kind];
  const asked = queries.map((query) => toQuery(query, hasLogs));
  if (kind === undefined || asked.includes(undefined)) return [];
  return [
    {
      title,
      description,
      kind,
      queries: asked.filter((query) => query !== undefined),
      empty,
      unit: unitOf(panel),
      steps,
      ...(words === undefined ? {} : { words }),
      ...(columnWords === undefined ? {} : { columnWords }),
      ...(hidden === undefined ? {} : { hidden }),
      links: links.filter(({ to }) => shown.includes(to)),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(stack === undefined ? {} : { stack }),
      width: sizeOf(panel).w,
    },
  ];
}

function toQuery(query: PanelQuery, hasLogs: boolean): ConsoleQuery | undefined {
  const { language, text, legend, unit, steps, axis, interval, graph } = query;
  if (graph === true || language === "traceql" || (language === "logql" && !hasLogs)) return undefined;
  return {
    language,
    text,
    legend,
    ...(unit === undefined ? {} : { unit }),
    ...(steps === undefined ? {} : { steps }),
    ...(axis === undefined ? {} : { axis }),
    ...(interval === undefined ? {} : { intervalSeconds: toSeconds(interval) }),
  };
}
