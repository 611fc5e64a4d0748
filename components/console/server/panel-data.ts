import type { Column, PanelData, Series, TableData, ValuesData } from "../answer.ts";
import type { ConsolePanel, ConsoleQuery } from "../definition.ts";
import { type Ask, BackendError } from "./ask.ts";
import { type Choice, interpolate, type Span, toLegend } from "./interpolate.ts";

/** Labels that say where something is, the first column last. */
const WHERE: readonly string[] = ["gpu", "host_name"];

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [seconds: number, value: string];

interface Answered {
  readonly result: readonly { readonly metric: Labels; readonly value?: Sample; readonly values?: readonly Sample[] }[];
}

/** What a query gave, beside the query. */
interface Result {
  readonly query: ConsoleQuery;
  readonly result: Answered["result"];
}

/** Asks for everything a panel shows; a backend that does not answer is a sentence in its place. */
export async function readPanel(panel: ConsolePanel, choice: Choice, span: Span, ask: Ask): Promise<PanelData> {
  const slowest = Math.max(span.step, ...panel.queries.map(({ intervalSeconds = 0 }) => intervalSeconds));
  const own = { ...span, step: slowest };
  try {
    const results = await Promise.all(panel.queries.map((query) => readQuery(panel, query, choice, own, ask)));
    if (panel.kind === "stat") return toValues(results);
    return panel.kind === "table" ? toTable(panel, results) : toSeries(results, own);
  } catch (error) {
    if (error instanceof BackendError) return { kind: "failed", why: error.message };
    throw error;
  }
}

async function readQuery(
  { kind }: ConsolePanel,
  query: ConsoleQuery,
  choice: Choice,
  span: Span,
  ask: Ask,
): Promise<Result> {
  const { language, intervalSeconds = span.scrape } = query;
  const text = interpolate(query.text, choice, { ...span, scrape: intervalSeconds });
  const isPresent = kind === "stat" || kind === "table";
  const parameters = new URLSearchParams({ query: text, ...(isPresent ? { time: String(span.to) } : rangeOf(span)) });
  const path = `/api/v1/query${isPresent ? "" : "_range"}?${parameters.toString()}`;
  const answer = language === "logql" ? await ask("loki", `/loki${path}`) : await ask("prometheus", path);
  return { query, result: (answer as Answered).result };
}

function rangeOf({ from, to, step }: Span): Record<string, string> {
  return { start: String(from), end: String(to), step: String(step) };
}

function toSeries(results: readonly Result[], { from, to, step }: Span): PanelData {
  const times = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  const series = results.flatMap(({ query, result }) =>
    result.map(({ metric, values = [] }): Series => {
      const known = new Map(values.map(([seconds, value]) => [Math.round((seconds - from) / step), toNumber(value)]));
      return {
        name: nameOf(query, metric),
        labels: metric,
        ...(query.unit === undefined ? {} : { unit: query.unit }),
        ...(query.axis === undefined ? {} : { axis: query.axis }),
        values: times.map((_, index) => known.get(index) ?? null),
      };
    }),
  );
  return { kind: "series", times, series: series.toSorted((one, other) => compare(one.name, other.name)) };
}

function toValues(results: readonly Result[]): ValuesData {
  const values = results.flatMap(({ query, result }) =>
    result.map(({ metric, value }) => ({
      name: nameOf(query, metric),
      value: toNumber(value?.[1]),
      ...(query.unit === undefined ? {} : { unit: query.unit }),
      ...(query.steps === undefined ? {} : { steps: query.steps }),
    })),
  );
  return { kind: "values", values: values.toSorted((one, other) => compare(one.name, other.name)) };
}

/** Joins the queries' answers by their labels, as Grafana's transformation "merge" does. */
function toTable({ columnWords = {}, hidden = [], unit, steps }: ConsolePanel, results: readonly Result[]): TableData {
  const left = new Set(["__name__", ...hidden]);
  const shown = (metric: Labels) => Object.entries(metric).filter(([label]) => !left.has(label));
  const labels = [...new Set(results.flatMap(({ result }) => result.flatMap(({ metric }) => Object.keys(metric))))]
    .filter((label) => !left.has(label))
    .toSorted((one, other) => WHERE.indexOf(other) - WHERE.indexOf(one) || compare(one, other));
  const rows = new Map<string, (string | number | null)[]>();
  results.forEach(({ result }, index) => {
    for (const { metric, value } of result) {
      const key = JSON.stringify(shown(metric).toSorted());
      const row = rows.get(key) ?? [...labels.map((label) => metric[label] ?? ""), ...results.map(() => null)];
      row[labels.length + index] = toNumber(value?.[1]);
      rows.set(key, row);
    }
  });
  const wordsOf = (name: string) => (columnWords[name] === undefined ? {} : { words: columnWords[name] });
  const columns: readonly Column[] = [
    ...labels.map((name) => ({ name, of: "label" as const, ...wordsOf(name) })),
    ...results.map(({ query }) => ({
      name: query.legend,
      of: "value" as const,
      unit: query.unit ?? unit,
      steps: query.steps ?? steps,
      ...wordsOf(query.legend),
    })),
  ].filter(({ name }) => !left.has(name));
  const sorted = [...rows.values()].toSorted((one, other) => compare(one.join("\n"), other.join("\n")));
  return { kind: "table", columns, rows: sorted };
}

/** A query without a legend names its series by their labels. */
function nameOf({ legend }: ConsoleQuery, metric: Labels): string {
  if (legend !== "") return toLegend(legend, metric);
  return Object.entries(metric)
    .map(([label, value]) => `${label}=${value}`)
    .join(" ");
}

/** JSON knows neither NaN nor infinity. */
function toNumber(text: string | undefined): number | null {
  const value = Number(text ?? "NaN");
  return Number.isFinite(value) ? value : null;
}

/** `gpu-2` before `gpu-10`. */
export function compare(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}
