/** Values chosen by variable; an empty list stands for all. */
export type Choice = Readonly<Record<string, readonly string[]>>;

/** Time a page shows, in seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Between two points. */
  readonly step: number;
  /** Between two samples. */
  readonly scrape: number;
}

/** What "all" stands for in a matcher, as on the dashboards: any value, but a value. */
const ANY = ".+";

/**
 * Fills in the variables of a query as Grafana does: several values become a group of a regular expression, and a rate
 * looks back over at least four samples. A name that is no variable stays as it is, and the backend says so.
 *
 * Source: grafana/grafana, `packages/grafana-prometheus/src/datasource.ts`: getRateIntervalScopedVariable, interpolateQueryExpr.
 */
export function interpolate(text: string, choice: Choice, span: Span): string {
  const range = span.to - span.from;
  const builtIn: Readonly<Record<string, string>> = {
    __interval: `${span.step}s`,
    __auto: `${span.step}s`,
    __rate_interval: `${Math.max(span.step + span.scrape, 4 * span.scrape)}s`,
    __range: `${range}s`,
    __range_s: String(range),
  };
  return text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    if (Object.hasOwn(choice, name)) return toPattern(choice[name] ?? []);
    return Object.hasOwn(builtIn, name) ? (builtIn[name] ?? whole) : whole;
  });
}

function toPattern(values: readonly string[]): string {
  const [first] = values;
  if (first === undefined) return ANY;
  return values.length === 1 ? escapeValue(first) : `(${values.map(escapeValue).join("|")})`;
}

/** A value as a regular expression within a string of PromQL or LogQL: a browser may send any. */
function escapeValue(value: string): string {
  const pattern = value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  return JSON.stringify(pattern).slice(1, -1);
}

/** Name of a series; a label it lacks is nothing. */
export function toLegend(legend: string, labels: Readonly<Record<string, string>>): string {
  return legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "").trim();
}
