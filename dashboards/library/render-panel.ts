import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  type Panel as GrafanaPanel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DATA_SOURCES, type DataSource, MIXED } from "./data-sources.ts";
import type { Place } from "./layout.ts";
import { linkOf } from "./links.ts";
import type { Panel } from "./panel.ts";
import { panelBuilder } from "./panel-builders.ts";
import { mappingOf, overridesOf, thresholdsOf } from "./render-fields.ts";
import { renderQuery } from "./render-query.ts";
import { tableTransformations } from "./table.ts";
import { panelUnitOf, toGrafanaUnit } from "./units.ts";

/** A panel as Grafana keeps it. */
export function renderPanel(panel: Panel, place: Place, id: number): Builder<GrafanaPanel> {
  const built = panelBuilder(panel)
    .id(id)
    .title(panel.title)
    .description(descriptionOf(panel))
    .gridPos({ ...place })
    .datasource({ ...dataSourceOf(panel) })
    .targets(panel.queries.map((query, index) => renderQuery(query, panel.kind, index)))
    .unit(toGrafanaUnit(unitOf(panel)))
    .noValue(panel.empty)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholdsOf(panel.steps ?? [])));
  if (panel.words !== undefined) built.mappings([mappingOf(panel.words)]);
  if (panel.links !== undefined) built.dataLinks(panel.links.map((link) => linkOf(link, panel.kind)));
  if (panel.min !== undefined) built.min(panel.min);
  if (panel.max !== undefined) built.max(panel.max);
  if (panel.kind === "table") tableTransformations(panel).forEach((step) => built.withTransformation(step));
  overridesOf(panel).forEach(({ matcher, properties }) => built.withOverride({ matcher, properties: [...properties] }));
  return built;
}

/** The unit a panel names, or that of the one signal it reads. */
export function unitOf({ title, unit, queries }: Panel): string {
  if (unit !== undefined) return unit;
  const [signal, ...others] = new Set(queries.flatMap(({ signals }) => signals));
  if (signal === undefined || others.length > 0) throw new TypeError(`panel ${JSON.stringify(title)} names no unit`);
  return panelUnitOf(signal);
}

/** The data source all queries share. */
export function dataSourceOf({ queries }: Panel): DataSource {
  const uids = new Set(queries.map(({ dataSource }) => dataSource.uid));
  return uids.size > 1 ? MIXED : (queries[0]?.dataSource ?? DATA_SOURCES.prometheus);
}

function descriptionOf({ description, queries }: Panel): string {
  const reasons = new Set(queries.flatMap(({ absentWhile }) => absentWhile ?? []));
  return [description, ...[...reasons].map((reason) => `No data while ${reason}.`)].join("\n\n");
}
