/** How values over time, or of several series, become one. */
export type Aggregator = "avg" | "min" | "max" | "sum" | "count";

/** One filter of a series: one of its values, or with `negated` none of them; `*` stands for any text. */
export interface Filter {
  readonly tag: string;
  readonly values: readonly string[];
  readonly negated: boolean;
}

export interface SeriesNode {
  readonly kind: "series";
  readonly aggregator: Aggregator;
  readonly metric: string;
  readonly filters: readonly Filter[];
  readonly by: readonly string[];
  readonly modifier: "as_count" | "as_rate" | "none";
}

export type Expression =
  | SeriesNode
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "function"; readonly name: "abs" | "monotonic_diff"; readonly of: Expression }
  | { readonly kind: "operation"; readonly operator: string; readonly left: Expression; readonly right: Expression };

export interface Condition {
  readonly over: Exclude<Aggregator, "count">;
  readonly seconds: number;
  readonly expression: Expression;
  readonly comparison: string;
  readonly threshold: number;
}

const CONDITION = /^(avg|min|max|sum)\(last_(\d+)([mhd])\):(.*) (>=|<=|>|<) (-?\d+(?:\.\d+)?)$/;
const SERIES =
  /^(avg|min|max|sum|count):([A-Za-z][A-Za-z0-9_.]*)\{([^}]*)\}(?: by \{([^}]*)\})?(?:\.(as_count|as_rate)\(\))?/;
const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

/**
 * Reads the part of Datadog's query language this platform writes: one time aggregation, series with tag filters and
 * groups, numbers, the four operations, `abs`, `monotonic_diff`, parentheses, one comparison. Anything else is refused.
 */
export function parseCondition(text: string): Condition {
  const match = CONDITION.exec(text);
  if (match === null) throw new SyntaxError(`not a condition: ${text}`);
  const [, over, count, unit, expression = "", comparison = "", threshold] = match;
  return {
    over: over as Condition["over"],
    seconds: Number(count) * SECONDS[unit as keyof typeof SECONDS],
    expression: parseExpression(expression),
    comparison,
    threshold: Number(threshold),
  };
}

function parseExpression(text: string): Expression {
  let rest = text;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(rest) ?? undefined;
    if (match !== undefined) rest = rest.slice(match[0].length).trimStart();
    return match;
  };
  const factor = (): Expression => {
    if (take(/^\(/)) {
      const inner = sum();
      if (!take(/^\)/)) throw new SyntaxError(`a bracket is not closed: ${text}`);
      return inner;
    }
    const name = take(/^(abs|monotonic_diff)\(/)?.[1];
    if (name !== undefined) {
      const of = sum();
      if (!take(/^\)/)) throw new SyntaxError(`a bracket is not closed: ${text}`);
      return { kind: "function", name: name as "abs" | "monotonic_diff", of };
    }
    const series = take(SERIES);
    if (series) return toSeries(series);
    const number = take(/^\d+(\.\d+)?/);
    if (number) return { kind: "number", value: Number(number[0]) };
    throw new SyntaxError(`not in the part of the language that is evaluated: ${rest}`);
  };
  const chain = (next: () => Expression, operators: RegExp) => (): Expression => {
    let left = next();
    for (let match = take(operators); match !== undefined; match = take(operators))
      left = { kind: "operation", operator: match[0], left, right: next() };
    return left;
  };
  const sum: () => Expression = chain(chain(factor, /^[*/]/), /^[+-]/);
  const parsed = sum();
  if (rest !== "") throw new SyntaxError(`not in the part of the language that is evaluated: ${rest}`);
  return parsed;
}

function toSeries([, aggregator, metric = "", filters = "", by = "", modifier = "none"]: RegExpExecArray): SeriesNode {
  return {
    kind: "series",
    aggregator: aggregator as Aggregator,
    metric,
    filters: filters === "*" ? [] : filters.split(/ AND |,(?![^(]*\))/).map(toFilter),
    by: by === "" ? [] : by.split(","),
    modifier: modifier as SeriesNode["modifier"],
  };
}

function toFilter(text: string): Filter {
  const list = /^(\S+) (NOT )?IN \(([^)]*)\)$/.exec(text);
  if (list !== null) {
    const [, tag = "", not, values = ""] = list;
    return { tag, values: values.split(",").map((value) => value.trim()), negated: not !== undefined };
  }
  const either = /^\((.*)\)$/.exec(text)?.[1]?.split(" OR ").map(toFilter);
  if (either !== undefined) {
    const [{ tag } = { tag: "" }] = either;
    if (either.some((filter) => filter.tag !== tag || filter.negated)) throw new SyntaxError(`not a filter: ${text}`);
    return { tag, values: either.flatMap(({ values }) => values), negated: false };
  }
  const one = /^(!|NOT )?([^:\s]+):(\S+)$/.exec(text);
  if (one === null) throw new SyntaxError(`not a filter: ${text}`);
  const [, not, tag = "", value = ""] = one;
  return { tag, values: [value], negated: not !== undefined };
}
