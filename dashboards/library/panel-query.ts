import type { PrometheusDuration } from "../../components/core/units.ts";
import { type Query, promql } from "../../components/signals/query.ts";
import type { LogQuery } from "../../components/signals/log-fields.ts";
import type { SignalDefinition, SignalSource } from "../../components/signals/signal.ts";
import { serviceGraph } from "../../components/signals/applications.ts";
import { type DataSource, DATA_SOURCES } from "./data-sources.ts";
import type { Step } from "./palette.ts";

/** One query of a panel. */
export interface PanelQuery {
  readonly language: "promql" | "logql" | "traceql";
  readonly text: string;
  readonly dataSource: DataSource;
  /** Metrics it reads; empty for logs and traces. */
  readonly signals: readonly SignalDefinition[];
  /** Name of its series, such as `{{host_name}} GPU {{gpu}}`; of a table's column. */
  readonly legend: string;
  /** UCUM unit, where it is not the panel's. */
  readonly unit?: string;
  /** Where the values of its column in a table start to be bad. @default the panel's */
  readonly steps?: readonly Step[];
  /** Its values have an axis of their own, on the right. @default the panel's axis */
  readonly axis?: "right";
  /** Traces of single observations are drawn on it. */
  readonly exemplars: boolean;
  /** Time between samples where it is longer than a scrape's, so that rates look back over enough of them. */
  readonly interval?: PrometheusDuration;
  /** Why a healthy environment may answer with no series. */
  readonly absentWhile?: string;
  /** The panel draws who calls whom out of it. */
  readonly graph?: true;
}

export interface QueryOptions extends Pick<PanelQuery, "unit" | "steps" | "axis" | "absentWhile"> {
  /** It answers even where a signal it reads has no series, as `… or vector(0)` does. @default false */
  readonly always?: boolean;
}

/** A PromQL query. Histograms of applications carry exemplars (C-36); a GPU's series cannot. */
export function metric(query: Query, legend: string, options: QueryOptions = {}): PanelQuery {
  const { text, signals } = query;
  const { always = false, ...given } = options;
  const interval = intervalOf(signals);
  const absentWhile = given.absentWhile ?? (always ? undefined : absenceOf(signals));
  return {
    language: "promql",
    text,
    dataSource: DATA_SOURCES.prometheus,
    signals,
    legend,
    exemplars: signals.some(({ type, source }) => type === "histogram" && WITH_TRACES.has(source)),
    ...given,
    ...(interval === undefined ? {} : { interval }),
    ...(absentWhile === undefined ? {} : { absentWhile }),
  };
}

/** A LogQL query: lines, or numbers made of them. */
export function logs(query: LogQuery, legend = "", options: Omit<QueryOptions, "always"> = {}): PanelQuery {
  const { loki: dataSource } = DATA_SOURCES;
  return { language: "logql", text: query.text, dataSource, signals: [], legend, exemplars: false, ...options };
}

/** A TraceQL query: a table of traces, each of which opens with its spans, and from there its log lines. */
export function traces(text: string, options: Omit<QueryOptions, "always"> = {}): PanelQuery {
  const { tempo: dataSource } = DATA_SOURCES;
  return { language: "traceql", text, dataSource, signals: [], legend: "", exemplars: false, ...options };
}

/** Who calls whom, drawn by Grafana from the service graph's metrics; `matchers` such as `client=~"$service_name"`. */
export function callGraph(matchers = ""): PanelQuery {
  const query = metric(promql`${serviceGraph.requests}{${matchers}}`, "");
  return { ...query, dataSource: DATA_SOURCES.tempo, graph: true };
}

/** Sources whose observations happen inside a span. */
const WITH_TRACES: ReadonlySet<string> = new Set(["application", "span-metrics"]);

/** How often sources send that are not scraped: SDKs of applications (S2 L228), and the gateways' span metrics. */
const INTERVALS: readonly (readonly [SignalSource, PrometheusDuration])[] = [
  ["application", "60s"],
  ["span-metrics", "15s"],
  ["service-graph", "15s"],
];

function intervalOf(signals: readonly SignalDefinition[]): PrometheusDuration | undefined {
  return INTERVALS.find(([of]) => signals.some(({ source }) => source === of))?.[1];
}

function absenceOf(signals: readonly SignalDefinition[]): string | undefined {
  return signals.find(({ absentWhile }) => absentWhile !== undefined)?.absentWhile;
}
