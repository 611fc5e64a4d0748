import type { Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import { describe, expect, it } from "vitest";
import { DASHBOARDS } from "../../../components/alerts/dashboard-uids.ts";
import { planDashboards } from "../../../dashboards/catalogue.ts";
import { DATA_SOURCES, MIXED } from "../../../dashboards/library/data-sources.ts";
import { numbersOf } from "../../../dashboards/library/numbers.ts";
import { renderDashboard } from "../../../dashboards/library/render.ts";
import { INVENTORY, RENDERED } from "./planned.ts";

const GRAFANA_12_SCHEMA = 41;
/** Panels that Grafana 12 draws without a plugin. */
const TYPES = ["row", "timeseries", "stat", "gauge", "table", "heatmap", "state-timeline", "logs", "nodeGraph"];
const UIDS: readonly string[] = [...Object.values(DATA_SOURCES), MIXED].map(({ uid }) => uid);

const drawn = RENDERED.flatMap(({ definition, model }) =>
  (model.panels ?? []).map((panel) => ({ name: `${definition.uid}: ${panel.title}`, panel })),
);
const panels = drawn.filter((entry): entry is { name: string; panel: Panel } => entry.panel.type !== "row");

describe("a rendered dashboard", () => {
  it("has the schema of Grafana 12, its uid and its title, and no number a Grafana gave it", () => {
    for (const { definition, model } of RENDERED) {
      expect(model.schemaVersion).toBeGreaterThanOrEqual(GRAFANA_12_SCHEMA);
      expect(model).toMatchObject({ uid: definition.uid, title: DASHBOARDS[definition.uid], editable: false });
      expect(model.id ?? null).toBeNull();
      expect(model.version ?? null).toBeNull();
    }
  });

  it("is the same bytes each time", () => {
    const again = planDashboards(numbersOf(INVENTORY)).map((definition) => JSON.stringify(renderDashboard(definition)));
    expect(again).toEqual(RENDERED.map(({ model }) => JSON.stringify(model)));
  });

  it("shares one crosshair over all its panels, so that a moment is the same in each (S0-67)", () => {
    expect(RENDERED.filter(({ model }) => model.graphTooltip !== 1)).toEqual([]);
    expect(panels.filter(({ panel }) => panel.timeFrom !== undefined || panel.timeShift !== undefined)).toEqual([]);
  });

  it("numbers its panels once each", () => {
    for (const { model } of RENDERED) {
      const ids = (model.panels ?? []).map(({ id }) => id);
      expect(ids.every((id) => Number.isInteger(id))).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it("keeps every panel within the grid and off the others", () => {
    for (const { definition, model } of RENDERED) expect(overlapsOf(model.panels ?? []), definition.uid).toEqual([]);
  });

  it("uses panels of Grafana 12 only, never the old graph", () => {
    expect(
      drawn.filter(({ panel }) => !TYPES.includes(panel.type)).map(({ name, panel }) => `${name}: ${panel.type}`),
    ).toEqual([]);
  });

  it("names every data source by a uid it knows, and none by its name", () => {
    for (const { definition, model } of RENDERED) {
      for (const source of dataSourcesIn(model)) {
        expect(UIDS, `${definition.uid}: ${JSON.stringify(source)}`).toContain((source as { uid?: string }).uid);
      }
    }
  });

  it("gives every query of a panel a letter of its own and a data source", () => {
    for (const { name, panel } of panels) {
      const targets = (panel.targets ?? []) as { refId?: string; datasource?: { uid?: string } }[];
      expect(new Set(targets.map(({ refId }) => refId)).size, name).toBe(targets.length);
      expect(
        targets.filter(({ datasource }) => datasource?.uid === undefined),
        name,
      ).toEqual([]);
    }
  });

  it("shows every panel with a unit, a description and words for no data", () => {
    for (const { name, panel } of panels) {
      const { unit, noValue } = panel.fieldConfig?.defaults ?? {};
      expect(unit, name).toBeTruthy();
      expect(noValue, name).toBeTruthy();
      expect(panel.description, name).toBeTruthy();
    }
  });

  it("lets choices stand for any value but none, so that All selects what a single choice could", () => {
    const variables = RENDERED.flatMap(({ model }) => model.templating.list ?? []);
    const many = variables.filter(({ includeAll }) => includeAll === true);
    expect(many.length).toBeGreaterThan(0);
    expect(many.filter(({ allValue }) => allValue !== ".+")).toEqual([]);
    expect(variables.filter(({ multi, includeAll }) => multi !== includeAll)).toEqual([]);
  });

  it("carries time and environment along every link from a panel", () => {
    const urls = panels.flatMap(({ panel }) => (panel.fieldConfig?.defaults.links ?? []).map(({ url }) => url ?? ""));
    expect(urls.length).toBeGreaterThan(0);
    expect(
      urls.filter((url) => !/^\/d\/[a-z-]+\?\$\{__url_time_range\}&\$\{environment:queryparam\}/.test(url)),
    ).toEqual([]);
  });
});

function overlapsOf(all: readonly (Panel | RowPanel)[]): readonly string[] {
  const taken = new Map<string, string>();
  const problems: string[] = [];
  for (const { title = "", gridPos } of all) {
    const { x, y, w, h } = gridPos ?? { x: -1, y: -1, w: 0, h: 0 };
    if (x < 0 || w < 1 || h < 1 || x + w > 24) problems.push(`${title} is off the grid`);
    for (let column = x; column < x + w; column++) {
      for (let line = y; line < y + h; line++) {
        const cell = `${column},${line}`;
        const other = taken.get(cell);
        if (other !== undefined) problems.push(`${title} covers ${other}`);
        taken.set(cell, title);
      }
    }
  }
  return [...new Set(problems)];
}

/** Every value of a key `datasource`, however deep. */
function dataSourcesIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(dataSourcesIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "datasource" ? [inner] : dataSourcesIn(inner)));
}
