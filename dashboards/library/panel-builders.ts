import * as common from "@grafana/grafana-foundation-sdk/common";
import { FieldColorBuilder, FieldColorModeId } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as Gauge } from "@grafana/grafana-foundation-sdk/gauge";
import { PanelBuilder as Heatmap, YAxisConfigBuilder } from "@grafana/grafana-foundation-sdk/heatmap";
import { PanelBuilder as Logs } from "@grafana/grafana-foundation-sdk/logs";
import { PanelBuilder as NodeGraph } from "@grafana/grafana-foundation-sdk/nodegraph";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Panel } from "./panel.ts";
import { toGrafanaUnit } from "./units.ts";

/** What all of Grafana's panels have in common. */
export type AnyPanelBuilder = TimeSeries | Stat | Gauge | Table | Heatmap | StateTimeline | Logs | NodeGraph;

/** Grafana's panel of a kind, with the looks that all of that kind share. */
export function panelBuilder(panel: Panel): AnyPanelBuilder {
  switch (panel.kind) {
    case "timeseries":
      return timeSeries(panel);
    case "stat":
      return new Stat()
        .reduceOptions(lastValue())
        .graphMode(common.BigValueGraphMode.None)
        .colorMode(common.BigValueColorMode.Value)
        .textMode(panel.queries.length > 1 ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Auto)
        .colorScheme(byThreshold());
    case "gauge":
      return new Gauge().reduceOptions(lastValue()).showThresholdMarkers(true).colorScheme(byThreshold());
    case "table":
      return new Table().showHeader(true).filterable(true);
    // A search for traces answers with a table whose first column opens a trace.
    case "traces":
      return new Table().showHeader(true);
    case "heatmap":
      return new Heatmap().yAxis(new YAxisConfigBuilder().unit(toGrafanaUnit(panel.unit ?? "s"))).showLegend();
    case "state-timeline":
      return new StateTimeline().mergeValues(true).colorScheme(byThreshold()).legend(legend());
    case "logs":
      return new Logs()
        .showTime(true)
        .enableLogDetails(true)
        .wrapLogMessage(true)
        .sortOrder(common.LogsSortOrder.Descending);
    case "node-graph":
      return new NodeGraph();
  }
}

function timeSeries({ steps = [], stack = false }: Panel): TimeSeries {
  const built = new TimeSeries()
    .legend(legend())
    .tooltip(
      new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
    )
    .lineWidth(1)
    .fillOpacity(stack ? 30 : 5)
    // A gap is a fact: a line across it would show a GPU that nobody measured.
    .spanNulls(false)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName));
  if (stack) built.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal));
  if (steps.length > 0) {
    built.thresholdsStyle(new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed));
  }
  return built;
}

function legend(): common.VizLegendOptionsBuilder {
  return new common.VizLegendOptionsBuilder()
    .displayMode(common.LegendDisplayMode.Table)
    .placement(common.LegendPlacement.Bottom)
    .showLegend(true)
    .calcs(["lastNotNull", "max"]);
}

const lastValue = () => new common.ReduceDataOptionsBuilder().calcs(["lastNotNull"]);
const byThreshold = () => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
