/** Who measures a metric. */
export type SignalSource =
  | "dcgm-exporter"
  | "node-exporter"
  | "hostmetrics"
  | "kernel-log"
  | "collector"
  | "prometheus"
  | "alertmanager"
  | "tempo"
  | "loki"
  | "jaeger"
  | "greptimedb"
  | "span-metrics"
  | "service-graph"
  | "application"
  | "scrape"
  | "recording-rule";

/** One metric of the catalogue: defined here once, so that rules, dashboards and exporters agree on it. */
export interface SignalDefinition {
  /** Name as it is sent: an OpenTelemetry convention where one exists, else the program's own name. */
  readonly name: string;
  /** Name of its series in Prometheus, after unit and type suffixes; of a histogram without `_bucket`. */
  readonly prometheusName: string;
  /** Unit in UCUM, such as `By`, `1`, `Cel`; `1` is a ratio between 0 and 1. */
  readonly unit: string;
  /** `sum` that only grows is a `counter`. */
  readonly type: "gauge" | "counter" | "updowncounter" | "histogram" | "summary";
  /** What it tells, in one sentence. */
  readonly help: string;
  /** Attributes that tell its series apart, as sent (`hw.id`); a dot is an underscore in Prometheus. */
  readonly labels: readonly string[];
  /** Attributes with which this signal is one part of a series that several share (`hw.gpu.task: general`). */
  readonly where?: Readonly<Record<string, string>>;
  readonly source: SignalSource;
  /** DCGM field it is read from. */
  readonly exporterField?: string;
  /** Why a healthy environment may have no such series; absent when it always has. */
  readonly absentWhile?: string;
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
  const base = toLabelName(name);
  const suffix = unit === "1" && type === "gauge" ? "ratio" : UNIT_SUFFIXES[unit];
  const withUnit = suffix === undefined || base.endsWith(`_${suffix}`) ? base : `${base}_${suffix}`;
  return type === "counter" && !withUnit.endsWith("_total") ? `${withUnit}_total` : withUnit;
}

/** An attribute's name as a label of Prometheus, or of Loki's structured metadata. */
export function toLabelName(attribute: string): string {
  return attribute.replaceAll(/[^a-zA-Z0-9_:]/g, "_");
}

type More = Pick<SignalDefinition, "where" | "absentWhile">;

/**
 * Definitions of one source, each of which has `shared` labels and its own. `pushed` metrics come in over OTLP, where
 * Prometheus adds suffixes to the name; `scraped` ones keep the name their program serves.
 */
export function signalsOf(source: SignalSource, how: "pushed" | "scraped", shared: readonly string[]) {
  const of =
    (type: SignalDefinition["type"]) =>
    (name: string, unit: string, help: string, labels: readonly string[] = [], more: More = {}): SignalDefinition => ({
      name,
      prometheusName: how === "scraped" && type !== "histogram" ? name : toPrometheusName({ name, unit, type }),
      unit,
      type,
      help,
      labels: [...shared, ...labels],
      source,
      ...more,
    });
  return {
    gauge: of("gauge"),
    counter: of("counter"),
    updowncounter: of("updowncounter"),
    histogram: of("histogram"),
    summary: of("summary"),
  };
}
