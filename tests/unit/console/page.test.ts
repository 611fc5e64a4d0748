import { describe, expect, it } from "vitest";
import { formatValue, stateOf } from "../../../components/console/page/format.ts";
import { readAsset } from "../../../components/console/server/assets.ts";
import { pagesOf, renderShell } from "../../../components/console/server/shell.ts";
import type { ConsoleConfig } from "../../../components/console/settings.ts";
import { planDashboards } from "../../../dashboards/catalogue.ts";
import { panelsOf } from "../../../dashboards/library/dashboard.ts";
import { numbersOf } from "../../../dashboards/library/numbers.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { planAlertSettings } from "../../../infra/deploy/alerts.ts";
import { CONSOLE_PAGES } from "../../../infra/deploy/console.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

const topology = planTopology(readEnvironment(PROJECT_ROOT, "local"));
const workload = planDeployables(topology).find(({ workload: { name } }) => name === "console")?.workload;
const config = JSON.parse(workload?.files["console.json"] ?? "{}") as ConsoleConfig;

describe("values on the page", () => {
  it.each([
    [0.654, "1", "65.4 %"],
    [88, "Cel", "88 °C"],
    [7140, "W", "7.14 kW"],
    [1536, "By", "1.5 KiB"],
    [3 * 1024 ** 3, "By/s", "3 GiB/s"],
    [423.4, "{item}/s", "423 /s"],
    [16, "{gpu}", "16"],
    [0.0087, "{cpu}", "0.0087"],
    [90, "s", "90 s"],
    [5400, "s", "90 min"],
    [0.0002, "s", "200 µs"],
    [-1536, "By", "-1.5 KiB"],
    [0, "s", "0 s"],
    [null, "W", "–"],
  ])("of %s in %s read %s", (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it("stand for the highest step they reach, or for what words say", () => {
    const steps = [
      { from: 95, state: "critical" },
      { from: 85, state: "warning" },
    ] as const;
    expect([80, 85, 99].map((value) => stateOf(value, steps).state)).toEqual(["ok", "warning", "critical"]);
    expect(stateOf(2, [], { "2": { text: "Xid", state: "critical" } })).toEqual({ text: "Xid", state: "critical" });
    expect(stateOf(null, steps)).toEqual({});
    expect(stateOf(1)).toEqual({});
  });
});

describe("the pages of the console", () => {
  it("hold the panels of the dashboards, text by text: there is no second list", () => {
    const { inventory, thresholds } = planAlertSettings(topology);
    const dashboards = planDashboards(numbersOf(inventory, thresholds));
    for (const uid of CONSOLE_PAGES) {
      const panels = dashboards.filter((dashboard) => dashboard.uid === uid).flatMap(panelsOf);
      const shown = config.pages.find((page) => page.uid === uid)?.rows.flatMap((row) => row.panels);
      expect(shown?.map(({ title, queries }) => [title, queries.map(({ text }) => text)])).toEqual(
        panels.map(({ title, queries }) => [title, queries.map(({ text }) => text)]),
      );
    }
  });

  it("use no variable that the page does not offer", () => {
    for (const { variables, rows } of config.pages) {
      const names = new Set(variables.map(({ name }) => name));
      const texts = rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(({ text }) => text)));
      const used = texts.flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)].map(([, name = ""]) => name));
      for (const name of used.filter((one) => !one.startsWith("__"))) expect(names).toContain(name);
    }
  });

  it("leave out what needs Loki where there is none", () => {
    const raw = { runtime: "process", hosts: [{ name: "gpu-1", runtime: "process" }], loki: { enabled: false } };
    const files = planDeployables(planTopology(loadEnvironment("local", { ...raw, greptimedb: { enabled: true } })))
      .filter(({ workload: { service } }) => service === "console")
      .map(({ workload: { files, ports } }) => [files["console.json"]?.includes("logql"), Object.keys(ports)]);
    expect(files).toEqual([[false, ["http", "prometheus", "alertmanager", "jaeger", "tempo"]]]);
  });

  it("name the page in the title, mark it, and link the backends under the name the browser uses", () => {
    const [fleet] = pagesOf(config);
    const html = renderShell(config, fleet!, "localhost");
    expect(html).toContain("<title>GPU fleet · local · GPU observability</title>");
    expect(html).toContain('<a href="/gpu-fleet" aria-current="page">GPU fleet</a>');
    expect(html).toContain('<a href="http://localhost:8872/">Alertmanager</a>');
    expect(html).not.toMatch(/style=|<script>|https?:\/\/(?!localhost|127\.)/);
  });

  it("show text of an environment as text", () => {
    const page = { path: "/x", title: "<b>", description: '"&' };
    expect(renderShell(config, page, "localhost")).toContain("<h1>&#60;b&#62;</h1>");
  });
});

describe("the assets of the console", () => {
  it("are a closed list; TypeScript is served without its types", () => {
    expect(readAsset("main.ts")?.text).not.toContain("import type");
    expect(readAsset("uplot.js")?.type).toBe("text/javascript");
    expect(readAsset("page.css")?.type).toBe("text/css");
    for (const name of ["../settings.ts", "toString", "", "tsconfig.json"]) expect(readAsset(name)).toBeUndefined();
  });
});

describe("the console", () => {
  it("runs where backends are processes, unless it is switched off", () => {
    for (const name of ["dev", "staging", "production"] as const) {
      expect(planTopology(readEnvironment(PROJECT_ROOT, name)).console).toBeUndefined();
    }
    const raw = { runtime: "process", hosts: [{ name: "gpu-1", runtime: "process" }], console: { enabled: false } };
    const off = planTopology(loadEnvironment("local", raw));
    expect(off.console).toBeUndefined();
    expect(off.skipped["console"]).toBe("switched off: console.enabled is false");
  });

  it("is told its password by a file alone", () => {
    expect(workload?.secretFiles).toEqual({ "console-password": "console-password" });
    expect(config.passwordFile).toBe("secrets/console-password");
    expect(Object.values(workload?.ports ?? {}).map(({ access }) => access)).toEqual(Array(6).fill("password"));
  });
});
