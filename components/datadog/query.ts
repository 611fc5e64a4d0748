import type { SignalDefinition } from "../signals/signal.ts";
import { toDatadogMetric, toDatadogTag, toDatadogTagValue } from "./names.ts";

/** One series of a query. */
interface Series {
  readonly signal: SignalDefinition;
  /** `max`, `sum`, `p95` …: how series of one group become one. */
  readonly aggregator: string;
  /** Filters beside those the signal brings, such as `xid IN (79,95)`. */
  readonly filter: string;
  readonly by: readonly string[];
  readonly modifier: string;
}

/** An expression over Datadog metrics, as text and series in turn. */
export interface DatadogExpression {
  readonly pieces: readonly (string | Series)[];
  readonly signals: readonly SignalDefinition[];
  /** Tags its results are told apart by. */
  readonly by: readonly string[];
}

/** The condition of a monitor: an expression and the number it is compared with. */
export interface DatadogQuery extends DatadogExpression {
  /** The number in the query: Datadog refuses a monitor whose critical threshold is another. */
  readonly critical: number;
}

type Value = SignalDefinition | number | string;

const AGGREGATOR = /(avg|max|min|sum|count|p50|p75|p90|p95|p99):$/;
const TAIL = /^(?:\{([^}]*)\})?(?: by \{([^}]*)\})?(\.as_count\(\)|\.as_rate\(\))?/;
const COMPARISON = /(>=|<=|>|<)\s*$/;

/**
 * A monitor's condition as a template literal over signals of the catalogue:
 *
 *     datadog`max(last_5m):max:${gpu.temperature} by {host,gpu} > ${t.temperature}`
 *
 * A signal stands for its metric with the tags that tell it from others of the same name; further filters may follow in
 * braces. Counters need `.as_count()` or `.as_rate()`. The last value is the threshold.
 *
 * @throws {TypeError} when the text is no condition Datadog would take
 */
export function datadog(strings: TemplateStringsArray, ...values: readonly Value[]): DatadogQuery {
  const critical = values.at(-1);
  const before = strings[strings.length - 2] ?? "";
  if (typeof critical !== "number" || !COMPARISON.test(before) || strings.at(-1)?.trim() !== "") {
    throw new TypeError("a Datadog condition ends with a comparison and a number: `… > ${threshold}`");
  }
  const expression = toExpression(strings.slice(0, -1), values.slice(0, -1));
  const [first] = expression.pieces;
  if (typeof first !== "string" || !/^(avg|sum|min|max)\(last_\d+[mhd]\):/.test(first)) {
    throw new TypeError("a Datadog condition begins with the time it looks at: `max(last_5m):…`");
  }
  return { ...expression, critical };
}

/** An expression for a dashboard: no time before it and no comparison after it. */
export function datadogExpression(strings: TemplateStringsArray, ...values: readonly Value[]): DatadogExpression {
  return toExpression([...strings], values);
}

/** The query in Datadog's words, every series held to `scope` (`env:production`, `$host`). */
export function toDatadogText({ pieces }: DatadogExpression, scope: readonly string[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : toSeriesText(piece, scope))).join("");
}

/** The whole condition, threshold included. */
export function toConditionText(query: DatadogQuery, scope: readonly string[]): string {
  return `${toDatadogText(query, scope)}${toNumberText(query.critical)}`;
}

/** A number as both the query and the threshold beside it spell it. */
export function toNumberText(value: number): string {
  const text = String(value);
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new RangeError(`Datadog takes no number such as ${text}`);
  return text;
}

function toExpression(strings: readonly string[], values: readonly Value[]): DatadogExpression {
  const pieces: (string | Series)[] = [];
  const { texts, signals } = foldText(strings, values);
  let text = (texts[0] ?? "").trimStart();
  signals.forEach((signal, index) => {
    const { series, rest } = toSeries(signal, text, texts[index + 1] ?? "");
    pieces.push(text.replace(AGGREGATOR, ""), series);
    text = rest;
  });
  if (text !== "") pieces.push(text);
  const all = pieces.filter((piece) => typeof piece !== "string");
  const groupings = new Set(all.map(({ by }) => by.join(",")));
  if (groupings.size > 1) throw new TypeError(`series grouped in different ways: ${[...groupings].join(" / ")}`);
  return { pieces, signals: [...new Set(all.map(({ signal }) => signal))], by: all[0]?.by ?? [] };
}

/** Texts and numbers become part of the text around them; only signals stay apart. */
function foldText(strings: readonly string[], values: readonly Value[]) {
  const texts = [tidy(strings[0] ?? "")];
  const signals: SignalDefinition[] = [];
  values.forEach((value, index) => {
    const next = tidy(strings[index + 1] ?? "");
    if (typeof value === "object") {
      signals.push(value);
      texts.push(next);
    } else texts.push(`${texts.pop() ?? ""}${typeof value === "number" ? toNumberText(value) : value}${next}`);
  });
  return { texts, signals };
}

function toSeries(signal: SignalDefinition, before: string, after: string): { series: Series; rest: string } {
  const metric = toDatadogMetric(signal);
  const aggregator = AGGREGATOR.exec(before)?.[1];
  if (aggregator === undefined) throw new TypeError(`${metric} needs an aggregator before it, such as max:`);
  const [tail = "", filter = "", by = "", modifier = ""] = TAIL.exec(after) ?? [];
  // A distribution's `count:` counts as well.
  const counts = signal.type === "counter" || (signal.type === "histogram" && aggregator === "count");
  if (counts !== (modifier !== "")) {
    const expected = counts ? "needs .as_count() or .as_rate()" : `is a ${signal.type}: it takes no ${modifier}`;
    throw new TypeError(`${metric} ${expected}`);
  }
  const split = by === "" ? [] : by.split(",").map((tag) => tag.trim());
  return { series: { signal, aggregator, filter, by: split, modifier }, rest: after.slice(tail.length) };
}

function toSeriesText({ signal, aggregator, filter, by, modifier }: Series, scope: readonly string[]): string {
  const own = Object.entries(signal.where ?? {}).map(
    ([key, value]) => `${toDatadogTag(key)}:${toDatadogTagValue(value)}`,
  );
  const filters = [...scope, ...own, ...(filter === "" ? [] : [filter])];
  // Datadog takes commas between plain tags, and words as soon as one filter is written in words.
  const separator = /\b(IN|OR|AND|NOT)\b/.test(filter) ? " AND " : ",";
  const grouping = by.length === 0 ? "" : ` by {${by.join(",")}}`;
  const inside = filters.length === 0 ? "*" : filters.join(separator);
  return `${aggregator}:${toDatadogMetric(signal)}{${inside}}${grouping}${modifier}`;
}

function tidy(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
