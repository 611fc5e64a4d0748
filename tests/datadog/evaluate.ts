import type { Aggregator, Condition, Expression, Filter, SeriesNode } from "./parse-query.ts";

/** A series as Datadog holds it: a gauge's values, or the growth of a counter since the point before. */
export interface StoredSeries {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly points: readonly { readonly seconds: number; readonly value: number; readonly interval: number }[];
}

/** A group by its tags, such as `host:gpu-1,gpu:0`; empty where nothing is told apart. */
export type Group = string;
type Track = ReadonlyMap<number, number>;
type Result = number | ReadonlyMap<Group, Track>;

/**
 * The groups that alert at a moment.
 *
 * As Datadog documents it, an expression with `.as_count()` is summed over the window series by series before any
 * arithmetic; every other one is computed point by point and aggregated over the window after that. Points lie on
 * common moments, so nothing is interpolated, and windows are short enough for Datadog to keep every point.
 */
export function alertingGroups(
  condition: Condition,
  stored: readonly StoredSeries[],
  at: number,
): ReadonlyMap<Group, number> {
  const from = at - condition.seconds;
  const counted = hasCount(condition.expression);
  if (counted && condition.over !== "sum") throw new SyntaxError(".as_count() is summed over the window, nothing else");
  const series = (node: SeriesNode): ReadonlyMap<Group, Track> => {
    const tracks = readSeries(node, stored, from, at);
    if (!counted) return tracks;
    return new Map(
      [...tracks].map(([group, track]) => [group, new Map([[at, aggregate("sum", [...track.values()])]])]),
    );
  };
  const result = compute(condition.expression, series);
  if (typeof result === "number") throw new SyntaxError("a condition over no series");
  const values = [...result]
    .filter(([, track]) => track.size > 0)
    .map(([group, track]) => [group, aggregate(condition.over, [...track.values()])] as const);
  return new Map(values.filter(([, value]) => holds(value, condition.comparison, condition.threshold)));
}

/** Groups any series of a condition belongs to, with the moment of their latest point up to now. */
export function lastSeen(
  condition: Condition,
  stored: readonly StoredSeries[],
  at: number,
): ReadonlyMap<Group, number> {
  const seen = new Map<Group, number>();
  for (const node of seriesOf(condition.expression))
    for (const [group, track] of readSeries(node, stored, -1, at))
      seen.set(group, Math.max(seen.get(group) ?? 0, ...track.keys()));
  return seen;
}

function readSeries(
  { aggregator, metric, filters, by, modifier }: SeriesNode,
  stored: readonly StoredSeries[],
  from: number,
  to: number,
): ReadonlyMap<Group, Track> {
  const chosen = stored.filter((one) => one.metric === metric && filters.every((filter) => passes(one.tags, filter)));
  const groups = Map.groupBy(chosen, ({ tags }) => by.map((tag) => `${tag}:${tags[tag] ?? "N/A"}`).join(","));
  return new Map(
    [...groups].flatMap(([group, members]) => {
      const points = members.flatMap(({ points }) => points.filter(({ seconds }) => seconds > from && seconds <= to));
      const moments = Map.groupBy(points, ({ seconds }) => seconds);
      const track = new Map(
        [...moments].map(([seconds, here]) => [
          seconds,
          aggregate(
            aggregator,
            here.map(({ value, interval }) => (modifier === "as_rate" ? value / interval : value)),
          ),
        ]),
      );
      return track.size === 0 ? [] : [[group, track] as const];
    }),
  );
}

function passes(tags: Readonly<Record<string, string>>, { tag, values, negated }: Filter): boolean {
  const own = tags[tag] ?? "";
  const matches = values.some((value) => {
    const [first = "", ...rest] = value.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${[first, ...rest].join(".*")}$`).test(own);
  });
  return matches !== negated;
}

function compute(expression: Expression, series: (node: SeriesNode) => ReadonlyMap<Group, Track>): Result {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "series") return series(expression);
  if (expression.kind === "function") {
    const inner = compute(expression.of, series);
    if (typeof inner === "number") throw new SyntaxError(`${expression.name} of a number`);
    return expression.name === "abs" ? mapTracks(inner, Math.abs) : new Map([...inner].map(toSteps));
  }
  const left = compute(expression.left, series);
  const right = compute(expression.right, series);
  const calculate = (a: number, b: number) => operate(expression.operator, a, b);
  if (typeof left === "number") {
    if (typeof right === "number") return calculate(left, right);
    return mapTracks(right, (value) => calculate(left, value));
  }
  if (typeof right === "number") return mapTracks(left, (value) => calculate(value, right));
  return new Map(
    [...left].flatMap(([group, track]) => {
      const other = right.get(group);
      if (other === undefined) return [];
      const both = [...track].flatMap(([at, value]) => {
        const second = other.get(at);
        const result = second === undefined ? Number.NaN : calculate(value, second);
        return Number.isFinite(result) ? [[at, result] as const] : [];
      });
      return [[group, new Map(both)] as const];
    }),
  );
}

function mapTracks(tracks: ReadonlyMap<Group, Track>, change: (value: number) => number): ReadonlyMap<Group, Track> {
  return new Map(
    [...tracks].map(([group, track]) => [group, new Map([...track].map(([at, value]) => [at, change(value)]))]),
  );
}

/** What a track rose by from point to point; a fall is a restart and counts for nothing. */
function toSteps([group, track]: readonly [Group, Track]): readonly [Group, Track] {
  const points = [...track].sort(([a], [b]) => a - b);
  const steps = points.flatMap(([at, value], index) => {
    const before = points[index - 1];
    return before === undefined ? [] : [[at, Math.max(0, value - before[1])] as const];
  });
  return [group, new Map(steps)];
}

function operate(operator: string, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  return left / right;
}

function aggregate(aggregator: Aggregator, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (aggregator === "min") return Math.min(...values);
  if (aggregator === "max") return Math.max(...values);
  return aggregator === "avg" ? sum / values.length : sum;
}

function holds(value: number, comparison: string, threshold: number): boolean {
  if (comparison === ">") return value > threshold;
  if (comparison === ">=") return value >= threshold;
  return comparison === "<" ? value < threshold : value <= threshold;
}

function seriesOf(expression: Expression): readonly SeriesNode[] {
  if (expression.kind === "series") return [expression];
  if (expression.kind === "function") return seriesOf(expression.of);
  return expression.kind === "number" ? [] : [...seriesOf(expression.left), ...seriesOf(expression.right)];
}

function hasCount(expression: Expression): boolean {
  return seriesOf(expression).some(({ modifier }) => modifier === "as_count");
}
