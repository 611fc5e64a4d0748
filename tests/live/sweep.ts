import type { PlannedAlert } from "../../components/alerts/render.ts";
import type { RecordingRule } from "../../components/signals/recording.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { LocatedQuery } from "../../dashboards/library/dashboard.ts";
import { toRunnable } from "../../dashboards/library/runnable.ts";
import { selectorsOf, seriesOf } from "../rules/expression.ts";
import type { Backends } from "../support/query.ts";

/** What asking for one thing came to. */
export interface Swept {
  /** `alert GpuMissing: up{job="…"}`: what a failure names. */
  readonly name: string;
  readonly found: boolean;
  /** Why nothing was to be found here; a query without one must return something. */
  readonly excused?: string;
  readonly error?: string;
}

/** Asks for every recording rule by its name. */
export function sweepRecordings(backends: Backends, rules: readonly RecordingRule[]): Promise<readonly Swept[]> {
  return inTurn(rules, async ({ name, absentWhile, query }) => {
    const excused = absentWhile ?? reasonOf(query.signals);
    return ask(`record ${name}`, async () => (await backends.prometheus(name)).length > 0, excused);
  });
}

/**
 * Asks for every series an alert reads. A healthy environment does not fulfil the matchers of a fault
 * (`status_code="…ERROR"`): then the series and the labels it is matched by must be there.
 */
export function sweepAlerts(backends: Backends, alerts: readonly PlannedAlert[]): Promise<readonly Swept[]> {
  const selectors = alerts.flatMap(({ name, query }) =>
    selectorsOf(query.text).map((selector) => ({ name, selector, signals: query.signals })),
  );
  return inTurn(selectors, ({ name, selector, signals }) => {
    const [series = ""] = seriesOf(selector);
    const read = signals.filter(({ prometheusName }) => series.startsWith(prometheusName));
    return ask(`alert ${name}: ${selector}`, () => findSelector(backends, selector, series), reasonOf(read));
  });
}

async function findSelector(backends: Backends, selector: string, series: string): Promise<boolean> {
  const count = async (text: string) => (await backends.prometheus(`count(last_over_time(${text}[30m]))`)).length > 0;
  if (await count(selector)) return true;
  const labels = [...selector.matchAll(/([a-zA-Z_]\w*)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label = ""]) => label);
  const present = labels.map((label) => `${label}!=""`).join(", ");
  return count(`${series}{${present}}`);
}

/** Asks for every query of every panel, with the choices of the dashboard on "all". */
export function sweepPanels(backends: Backends, queries: readonly LocatedQuery[]): Promise<readonly Swept[]> {
  return inTurn(queries, (query) => {
    const text = toRunnable(query);
    const run = async () => {
      switch (query.language) {
        case "promql":
          return (await backends.prometheus(text)).length > 0;
        case "logql":
          return (await backends.loki(text)).length > 0;
        case "traceql":
          return (await backends.tempo(text)).length > 0;
      }
    };
    return ask(`panel ${query.dashboard} / ${query.panel}: ${text}`, run, query.absentWhile);
  });
}

function reasonOf(signals: readonly SignalDefinition[]): string | undefined {
  return signals.find(({ absentWhile }) => absentWhile !== undefined)?.absentWhile;
}

async function ask(name: string, run: () => Promise<boolean>, excused?: string): Promise<Swept> {
  const reason = excused === undefined ? {} : { excused };
  try {
    return { name, found: await run(), ...reason };
  } catch (error) {
    return { name, found: false, error: String(error) };
  }
}

/** One at a time: two cores serve the environment as well. */
async function inTurn<Item>(items: readonly Item[], run: (item: Item) => Promise<Swept>): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  for (const item of items) swept.push(await run(item));
  return swept;
}

/** The queries that had to return something and did not. */
export function failuresOf(swept: readonly Swept[]): readonly string[] {
  return swept
    .filter(({ found, excused, error }) => error !== undefined || (!found && excused === undefined))
    .map(({ name, error }) => (error === undefined ? `${name} returns nothing` : `${name}: ${error}`));
}
