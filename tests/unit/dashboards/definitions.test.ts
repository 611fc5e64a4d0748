import { describe, expect, it } from "vitest";
import { DASHBOARDS } from "../../../components/alerts/dashboard-uids.ts";
import { ALL_SIGNALS } from "../../../components/signals/catalogue.ts";
import { toRunnable } from "../../../dashboards/library/runnable.ts";
import { unitOf } from "../../../dashboards/library/render-panel.ts";
import { toGrafanaUnit } from "../../../dashboards/library/units.ts";
import { findExpressionProblems, knownSeries, seriesOf } from "../../rules/expression.ts";
import { DEFINITIONS, PANELS, QUERIES } from "./planned.ts";
import { countersOutsideRates } from "./promql.ts";

const LABELS_OF_MIG = /GPU_I_ID|hpc_job/;

describe("every dashboard", () => {
  it("has a uid of the table once, and tells what it is for", () => {
    const uids = DEFINITIONS.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids.filter((uid) => !(uid in DASHBOARDS))).toEqual([]);
    expect(DEFINITIONS.filter(({ description, tags }) => description.length < 20 || tags.length === 0)).toEqual([]);
  });

  it("declares the variables its queries use, and uses those it declares", () => {
    const problems = DEFINITIONS.flatMap(({ uid, variables }) => {
      const declared = variables.map(({ name }) => name);
      const texts = [...QUERIES.filter(({ dashboard }) => dashboard === uid), ...variables.map(({ query }) => query)];
      const used = new Set(texts.flatMap(({ text }) => namesIn(text)));
      return [
        ...[...used].filter((name) => !declared.includes(name)).map((name) => `${uid} does not declare ${name}`),
        ...declared.filter((name) => !used.has(name)).map((name) => `${uid} never uses ${name}`),
      ];
    });
    expect(problems).toEqual([]);
  });

  it("has variables of the names that links of alerts set", () => {
    const known = new Set(["environment", "host_name", "gpu", "service_name"]);
    const gpu = DEFINITIONS.filter(({ tags }) => tags.includes("gpu"));
    expect(
      gpu.flatMap(({ variables }) => variables.map(({ name }) => name)).filter((name) => !known.has(name)),
    ).toEqual([]);
    expect(gpu.length).toBeGreaterThanOrEqual(5);
  });

  it("leads to dashboards that exist, with labels that the panel's series have", () => {
    const planned = new Set(DEFINITIONS.map(({ uid }) => uid));
    const links = PANELS.flatMap(({ name, panel }) => (panel.links ?? []).map((link) => ({ name, panel, link })));
    expect(links.filter(({ link }) => !planned.has(link.to)).map(({ name, link }) => `${name} -> ${link.to}`)).toEqual(
      [],
    );
    expect(DEFINITIONS.flatMap(({ links: tops }) => tops).filter((uid) => !planned.has(uid))).toEqual([]);
    const without = links.filter(
      ({ panel, link }) => !panel.queries.some(({ text }) => link.labels.every((label) => text.includes(label))),
    );
    expect(without.map(({ name, link }) => `${name} -> ${link.to}`)).toEqual([]);
  });
});

describe("every panel", () => {
  it("has a title of its own, a description, an empty state and a unit Grafana knows", () => {
    const names = PANELS.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { name, panel } of PANELS) {
      expect(panel.description.length, name).toBeGreaterThan(10);
      expect(panel.description, name).toMatch(/\.$/);
      expect(panel.empty, name).toMatch(/\w.*\.$/);
      expect(toGrafanaUnit(unitOf(panel)), name).not.toBe("");
      expect(panel.queries.length, name).toBeGreaterThan(0);
    }
  });

  it("names host and GPU in the legend of every series of a single GPU", () => {
    const perGpu = PANELS.filter(({ panel }) => panel.kind !== "table").flatMap(({ name, panel }) =>
      panel.queries.filter(({ text }) => isPerGpu(text)).map(({ legend }) => ({ name, legend })),
    );
    expect(perGpu.length).toBeGreaterThan(30);
    const nameless = perGpu.filter(({ legend }) => !/\{\{host_name\}\}.*\{\{gpu\}\}/.test(legend));
    expect(nameless).toEqual([]);
  });

  it("names the column of each query of a table", () => {
    const tables = PANELS.filter(({ panel }) => panel.kind === "table");
    const unnamed = tables.filter(({ panel }) => {
      const legends = panel.queries.map(({ legend }) => legend);
      return legends.includes("") || new Set(legends).size !== legends.length;
    });
    expect(unnamed.map(({ name }) => name)).toEqual([]);
  });
});

describe("every PromQL query", () => {
  const promql = QUERIES.filter(({ language }) => language === "promql");

  it("is PromQL over series and labels of the catalogue", () => {
    const recorded = QUERIES.flatMap(({ signals }) => signals).filter(({ source }) => source === "recording-rule");
    const known = knownSeries([...ALL_SIGNALS, ...recorded]);
    for (const query of promql) {
      const text = toRunnable(query);
      const problems = findExpressionProblems(text, known).filter((problem) => !problem.startsWith("looks at"));
      expect(problems, `${query.dashboard}, ${query.panel}: ${text}`).toEqual([]);
      expect(seriesOf(text).length, query.panel).toBeGreaterThan(0);
    }
  });

  it("reads a counter that grows only through a rate or an increase", () => {
    const drawn = promql.filter(({ graph }) => graph !== true);
    const problems = drawn.flatMap((query) =>
      countersOutsideRates(toRunnable(query), query.signals).map((name) => `${query.panel}: ${name}`),
    );
    // Counted since a start or for the life of a board: the total itself is what a person asks for.
    const totals = /^(Each GPU|Memory wear|Time since start): /;
    expect(problems.filter((problem) => !totals.test(problem))).toEqual([]);
  });

  it("takes rates over the interval that fits the time range", () => {
    const withoutStrings = (text: string) => text.replaceAll(/"[^"]*"/g, '""');
    const fixed = promql.filter(({ text }) =>
      /\b(rate|irate)\([^[]*\[(?!\$__rate_interval)[^\]]*\]/.test(withoutStrings(text)),
    );
    const stats = new Set(
      PANELS.filter(({ panel }) => /stat|gauge|table/.test(panel.kind)).map(({ panel }) => panel.title),
    );
    expect(fixed.filter(({ panel }) => !stats.has(panel)).map(({ panel, text }) => `${panel}: ${text}`)).toEqual([]);
  });

  it("draws exemplars on histograms of applications and on nothing of a GPU (C-36)", () => {
    const app = promql.filter(({ signals }) =>
      signals.some(({ type, source }) => type === "histogram" && source === "application"),
    );
    expect(app.length).toBeGreaterThan(3);
    expect(app.filter(({ exemplars }) => !exemplars)).toEqual([]);
    const gpu = promql.filter(({ signals }) => signals.some(({ source }) => source === "dcgm-exporter"));
    expect(gpu.filter(({ exemplars }) => exemplars)).toEqual([]);
  });

  it("uses series that may be missing only with a reason, unless it answers without them", () => {
    const silent = promql.filter(
      ({ signals, absentWhile, text }) =>
        absentWhile === undefined &&
        signals.some((signal) => signal.absentWhile !== undefined) &&
        !/\bor\b/.test(text) &&
        signals.every(({ prometheusName }) => prometheusName !== "DCGM_EXP_XID_ERRORS_COUNT"),
    );
    expect(silent.map(({ panel }) => panel)).toEqual([]);
  });
});

/** A series per GPU, rather than of a host, an instance or a job. */
function isPerGpu(text: string): boolean {
  const outermost = /^(?:topk\(\d+, )?\(?(?:max|sum|avg|min) by \(([^)]*)\)/.exec(text)?.[1] ?? "";
  return /\bgpu\b/.test(outermost) && !LABELS_OF_MIG.test(outermost);
}

function namesIn(text: string): readonly string[] {
  const names = [...text.matchAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g)].map(([, braced, bare]) => braced ?? bare ?? "");
  return names.filter((name) => !name.startsWith("__"));
}
