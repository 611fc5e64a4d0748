/** One metric of the catalogue: defined here once, so that rules, dashboards and exporters agree on it. */
export interface SignalDefinition {
  /** Name as the agent sends it: an OpenTelemetry convention where one exists, else the exporter's own name. */
  readonly name: string;
  /** Name of its series in Prometheus, after unit and type suffixes. */
  readonly prometheusName: string;
  /** Unit in UCUM, such as `By`, `1`, `Cel`; `1` is a ratio between 0 and 1. */
  readonly unit: string;
  /** `sum` that only grows is a `counter`. */
  readonly type: "gauge" | "counter" | "updowncounter";
  /** Attributes that tell its series apart, beside those of the resource. */
  readonly labels: readonly string[];
  /** Who measures it. */
  readonly source: "dcgm-exporter";
  /** DCGM field it is read from. */
  readonly exporterField?: string;
}

/** Suffix Prometheus gives to a unit; annotations in braces have none. */
const UNIT_SUFFIXES: Readonly<Record<string, string>> = {
  By: "bytes",
  "By/s": "bytes_per_second",
  Cel: "celsius",
  J: "joules",
  W: "watts",
  s: "seconds",
};

/** The name Prometheus stores a metric under when it adds unit and type suffixes (`UnderscoreEscapingWithSuffixes`). */
export function toPrometheusName({ name, unit, type }: Pick<SignalDefinition, "name" | "unit" | "type">): string {
  const base = name.replaceAll(/[^a-zA-Z0-9_:]/g, "_");
  const suffix = unit === "1" && type === "gauge" ? "ratio" : UNIT_SUFFIXES[unit];
  const withUnit = suffix === undefined || base.endsWith(`_${suffix}`) ? base : `${base}_${suffix}`;
  return type === "counter" && !withUnit.endsWith("_total") ? `${withUnit}_total` : withUnit;
}
