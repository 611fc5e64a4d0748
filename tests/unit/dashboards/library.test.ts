import { describe, expect, it } from "vitest";
import { crawler, spans } from "../../../components/signals/applications.ts";
import { gpu } from "../../../components/signals/gpu.ts";
import { kernel } from "../../../components/signals/kernel.ts";
import { log, logql } from "../../../components/signals/log-fields.ts";
import { bucketsOf, countOf, promql } from "../../../components/signals/query.ts";
import type { Panel } from "../../../dashboards/library/panel.ts";
import { callGraph, logs, metric } from "../../../dashboards/library/panel-query.ts";
import { dataSourceOf, unitOf } from "../../../dashboards/library/render-panel.ts";
import { renderQuery } from "../../../dashboards/library/render-query.ts";
import { toRunnable } from "../../../dashboards/library/runnable.ts";
import { panelUnitOf, toGrafanaUnit } from "../../../dashboards/library/units.ts";

const panel = (queries: Panel["queries"], more: Partial<Panel> = {}): Panel => ({
  title: "A panel",
  description: "A description.",
  kind: "timeseries",
  empty: "Nothing.",
  queries,
  ...more,
});

describe("a query made runnable", () => {
  it("has every choice on all and a rate over four samples", () => {
    const query = promql`rate(${spans.calls}{host_name=~"$host_name", service_name=~"\${service_name:regex}"}[$__rate_interval])`;
    expect(toRunnable(query)).toBe('rate(traces_span_metrics_calls_total{host_name=~".+", service_name=~".+"}[60s])');
  });

  it("looks back further where samples come every minute, as applications send them (C-31)", () => {
    const query = metric(promql`rate(${countOf(crawler.requestDuration)}[$__rate_interval])`, "");
    expect(query.interval).toBe("60s");
    expect(toRunnable(query)).toContain("[240s]");
    expect(renderQuery(query, "timeseries", 0).build()).toMatchObject({ interval: "60s" });
  });

  it("takes the values it is given", () => {
    expect(toRunnable({ text: '{gpu=~"$gpu"}[$__range]' }, { gpu: "3" })).toBe('{gpu=~"3"}[1h]');
  });
});

describe("LogQL over fields", () => {
  it("spells a field as Loki keeps it and remembers what it read", () => {
    const lines = logql`{${log.service}="kernel"} | ${log.xid} != ""`;
    expect(lines.text).toBe('{service_name="kernel"} | nvidia_xid != ""');
    expect(lines.fields).toEqual([log.service, log.xid]);
    expect(logql`sum by (${log.level}) (rate(${lines} [$__auto]))`.text).toBe(
      'sum by (detected_level) (rate({service_name="kernel"} | nvidia_xid != "" [$__auto]))',
    );
  });
});

describe("a unit", () => {
  it("is Grafana's for a unit of the catalogue, and per second for a counter", () => {
    expect(toGrafanaUnit(gpu.temperature.unit)).toBe("celsius");
    expect(toGrafanaUnit(panelUnitOf(gpu.energy))).toBe("watt");
    expect(toGrafanaUnit(panelUnitOf(spans.calls))).toBe("cps");
    expect(toGrafanaUnit("1")).toBe("percentunit");
  });

  it("rejects a unit that Grafana has no spelling for", () => {
    expect(() => toGrafanaUnit("furlong")).toThrow(/no unit of Grafana/);
  });

  it("comes from the one signal of a panel, and is asked for where there are several", () => {
    expect(unitOf(panel([metric(promql`${gpu.power}`, "a")]))).toBe("W");
    const two = [metric(promql`${gpu.power}`, "a"), metric(promql`${gpu.energy}`, "b")];
    expect(() => unitOf(panel(two))).toThrow(/names no unit/);
    expect(unitOf(panel(two, { unit: "W" }))).toBe("W");
  });
});

describe("a panel's query", () => {
  it("asks for exemplars on a histogram of an application only (C-36)", () => {
    expect(metric(promql`rate(${bucketsOf(crawler.requestDuration)}[5m])`, "").exemplars).toBe(true);
    expect(metric(promql`${gpu.power}`, "").exemplars).toBe(false);
  });

  it("says why it may be empty, as its signal does, unless it always answers", () => {
    expect(metric(promql`${kernel.xids}`, "").absentWhile).toBe(kernel.xids.absentWhile);
    expect(metric(promql`count(${kernel.xids}) or vector(0)`, "", { always: true }).absentWhile).toBeUndefined();
    expect(metric(promql`${gpu.power}`, "", { absentWhile: "x" }).absentWhile).toBe("x");
  });

  it("is asked once for a table and over time for a graph", () => {
    const query = metric(promql`${gpu.power}`, "Power");
    expect(renderQuery(query, "table", 0).build()).toMatchObject({ refId: "A", instant: true, format: "table" });
    expect(renderQuery(query, "timeseries", 1).build()).toMatchObject({ refId: "B", range: true, instant: false });
  });

  it("draws who calls whom out of the service graph's own series", () => {
    const query = callGraph('client=~"$service_name"');
    expect(query).toMatchObject({
      language: "promql",
      text: 'traces_service_graph_request_total{client=~"$service_name"}',
    });
    expect(renderQuery(query, "node-graph", 0).build()).toMatchObject({
      queryType: "serviceMap",
      serviceMapQuery: '{client=~"$service_name"}',
      datasource: { uid: "tempo" },
    });
  });

  it("gives a panel the data source all its queries share, or Grafana's mixed one", () => {
    const power = metric(promql`${gpu.power}`, "");
    expect(dataSourceOf(panel([power])).uid).toBe("prometheus");
    expect(dataSourceOf(panel([power, logs(logql`{${log.service}="kernel"}`)])).uid).toBe("-- Mixed --");
  });
});
