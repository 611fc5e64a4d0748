import { describe, expect, it } from "vitest";
import { planDashboards } from "../../../dashboards/catalogue.ts";
import { panelsOf } from "../../../dashboards/library/dashboard.ts";
import { numbersOf } from "../../../dashboards/library/numbers.ts";
import { gpu } from "../../../components/signals/gpu.ts";
import { DEFINITIONS, INVENTORY, QUERIES } from "./planned.ts";

const panelOf = (uid: string, title: string) => {
  const definition = DEFINITIONS.find((one) => one.uid === uid);
  const panel = definition === undefined ? undefined : panelsOf(definition).find((one) => one.title === title);
  if (panel === undefined) throw new Error(`no panel ${title} on ${uid}`);
  return panel;
};

describe("GPUs and workloads (S0-67)", () => {
  it.each([
    [
      "GPU throttling against crawler latency",
      "DCGM_FI_DEV_THERMAL_VIOLATION_total",
      "crawler_request_duration_seconds_bucket",
    ],
    ["GPU clocks against prediction latency", "DCGM_FI_DEV_SM_CLOCK", "mlx_model_prediction_latency_seconds_bucket"],
    ["ECC errors and Xids against agent errors", "hw_errors_total", "traces_span_metrics_calls_total"],
    ["Xid lines against failed spans", "nvidia_xid", "traces_span_metrics_calls_total"],
  ])("draws %s in one panel, under the same variables", (title, ofGpu, ofService) => {
    const { queries } = panelOf("gpu-workloads", title);
    const gpu = queries.filter(({ text }) => text.includes(ofGpu));
    const service = queries.filter(({ text }) => text.includes(ofService));
    expect(gpu.length).toBeGreaterThan(0);
    expect(service.length).toBeGreaterThan(0);
    for (const { text } of [...gpu, ...service]) expect(text).toContain("$environment");
    expect(gpu.every(({ text, axis }) => text.includes("$host_name") && axis === "right")).toBe(true);
  });

  it("shows exemplars of crawl requests and of predictions (C-36)", () => {
    for (const name of ["crawler_request_duration_seconds", "mlx_model_prediction_latency_seconds"]) {
      const queries = QUERIES.filter(({ dashboard, text }) => dashboard === "gpu-workloads" && text.includes(name));
      expect(queries.some(({ exemplars }) => exemplars)).toBe(true);
    }
  });

  it("has panels of Tempo and of Loki (S0-66)", () => {
    const sources = QUERIES.filter(({ dashboard }) => dashboard === "gpu-workloads").map(
      ({ dataSource }) => dataSource.uid,
    );
    expect(new Set(sources)).toEqual(new Set(["prometheus", "loki", "tempo"]));
  });
});

describe("the state of a fabric manager", () => {
  it("is worded as its signal numbers it", () => {
    const numbered = [...gpu.fabricManagerStatus.help.matchAll(/(\d) ([a-z ]+)/g)].map(([, n, word]) => [
      n,
      word?.trim(),
    ]);
    expect(numbered).toHaveLength(5);
    const { words = {} } = panelOf("gpu-device", "Fabric manager");
    expect(Object.entries(words).map(([n, { text }]) => [n, text])).toEqual(numbered);
  });
});

describe("GPU drill-down", () => {
  it("leads from the fleet to a host and to a GPU, and from a host to a GPU", () => {
    const targets = (uid: string) =>
      new Set(QUERIES.filter(({ dashboard }) => dashboard === uid).length === 0 ? [] : linksOf(uid));
    expect([...targets("gpu-fleet")]).toEqual(expect.arrayContaining(["gpu-host", "gpu-device"]));
    expect([...targets("gpu-host")]).toEqual(expect.arrayContaining(["gpu-device", "kernel-logs"]));
  });

  it("adds the memory of instances up once per GPU, and counts the board's power once", () => {
    const [inUse] = panelOf("gpu-device", "Memory").queries;
    expect(inUse?.text).toMatch(/^sum by \(host_name, gpu\)/);
    const [power] = panelOf("gpu-fleet", "Power by host").queries;
    expect(power?.text).toMatch(/^sum by \(host_name\) \(\(max by \(host_name, gpu\)/);
  });

  it("counts Xids and never averages their codes (defect 2)", () => {
    const queries = QUERIES.filter(({ text }) => /XID/.test(text));
    expect(queries.length).toBeGreaterThan(3);
    expect(queries.filter(({ text }) => text.includes("DCGM_FI_DEV_XID_ERRORS"))).toEqual([]);
    expect(queries.filter(({ text }) => /avg[^(]*\([^(]*XID/.test(text))).toEqual([]);
  });

  it("takes memory in use from memory, not from the copy engine (defects 1 and 2)", () => {
    const memory = QUERIES.filter(({ panel }) => /memory/i.test(panel));
    expect(memory.filter(({ text }) => text.includes("MEM_COPY_UTIL"))).toEqual([]);
  });

  it("draws the line where the environment's alert begins", () => {
    const stepsWith = (set: Record<string, Record<string, number>>) => {
      const fleet = planDashboards(numbersOf(INVENTORY, set)).find(({ uid }) => uid === "gpu-fleet");
      return fleet === undefined ? [] : panelsOf(fleet).find(({ title }) => title === "Hottest GPUs")?.steps;
    };
    expect(stepsWith({})).toEqual([{ from: numbersOf(INVENTORY).gpu.temperature, state: "warning" }]);
    expect(stepsWith({ gpu: { temperature: 71 } })).toEqual([{ from: 71, state: "warning" }]);
  });
});

function linksOf(uid: string): readonly string[] {
  return DEFINITIONS.filter((one) => one.uid === uid).flatMap((one) => [
    ...one.links,
    ...panelsOf(one).flatMap(({ links = [] }) => links.map(({ to }) => to)),
  ]);
}
