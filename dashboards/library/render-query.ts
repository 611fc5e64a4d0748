import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import { DataqueryBuilder as LokiQuery } from "@grafana/grafana-foundation-sdk/loki";
import { DataqueryBuilder as PrometheusQuery, PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DataqueryBuilder as TempoQuery, SearchTableType } from "@grafana/grafana-foundation-sdk/tempo";
import type { PanelKind } from "./panel.ts";
import type { PanelQuery } from "./panel-query.ts";

/** Traces a search shows. */
const TRACES = 50;
/** Lines a log panel asks for. */
const LINES = 500;
/** Kinds that show the present, or one row per series. */
const INSTANT: ReadonlySet<PanelKind> = new Set(["table", "stat", "gauge"]);

/** The query as Grafana keeps it; `index` gives its letter. */
export function renderQuery(query: PanelQuery, kind: PanelKind, index: number): Builder<Dataquery> {
  const refId = refIdOf(index);
  if (query.graph === true) {
    return new TempoQuery()
      .refId(refId)
      .datasource(query.dataSource)
      .queryType("serviceMap")
      .serviceMapQuery(/\{.*\}/.exec(query.text)?.[0] ?? "{}");
  }
  if (query.language === "traceql") {
    return new TempoQuery()
      .refId(refId)
      .datasource(query.dataSource)
      .queryType("traceql")
      .query(query.text)
      .tableType(SearchTableType.Traces)
      .limit(TRACES);
  }
  return query.language === "logql" ? lokiQuery(query, kind, refId) : prometheusQuery(query, kind, refId);
}

/** A, B, C, …: a panel has no more queries than the alphabet has letters. */
export function refIdOf(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}

function lokiQuery({ text, dataSource, legend }: PanelQuery, kind: PanelKind, refId: string): LokiQuery {
  const instant = INSTANT.has(kind);
  const built = new LokiQuery().refId(refId).datasource(dataSource).expr(text).maxLines(LINES);
  return built.queryType(instant ? "instant" : "range").legendFormat(legend);
}

function prometheusQuery(query: PanelQuery, kind: PanelKind, refId: string): PrometheusQuery {
  const { text, dataSource, legend, exemplars, interval } = query;
  const built = new PrometheusQuery().refId(refId).datasource(dataSource).expr(text);
  if (interval !== undefined) built.interval(interval);
  if (kind === "table") return built.instant().format(PromQueryFormat.Table).legendFormat(legend);
  if (INSTANT.has(kind)) return built.instant().legendFormat(legend);
  built.range().legendFormat(legend).exemplar(exemplars);
  return kind === "heatmap" ? built.format(PromQueryFormat.Heatmap) : built.format(PromQueryFormat.TimeSeries);
}
