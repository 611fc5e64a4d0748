import { describe, expect, it } from "vitest";
import { renderAgent } from "../../../components/collector/render-agent.ts";
import { renderGpuTransform } from "../../../components/collector/render-gpu-transform.ts";
import { DCGM_SIGNALS } from "../../../components/signals/gpu.ts";
import { agentSettings } from "./fixture.ts";

interface Group {
  readonly context: string;
  readonly conditions?: readonly string[];
  readonly statements: readonly string[];
}

const groups = (renderGpuTransform() as { metric_statements: readonly Group[] }).metric_statements;
/** The first two give fields of later exporters the names and units that the others know. */
const known = groups.slice(2);
const of = (context: string): readonly string[] => known.find((group) => group.context === context)?.statements ?? [];
const mapped = DCGM_SIGNALS.flatMap(({ field, exporterType, otel }) =>
  otel === undefined ? [] : [{ field, exporterType, otel }],
);
const unmapped = DCGM_SIGNALS.filter(({ otel, exporterType }) => otel === undefined && exporterType !== "label").map(
  ({ field }) => field,
);
const about = (lines: readonly string[], field: string) => lines.filter((line) => line.includes(`"${field}"`));

describe("the GPU transform of an agent", () => {
  it("renames each field of a convention once, and says its unit (S0-22)", () => {
    for (const { field, otel } of mapped) {
      const lines = about(of("metric"), field);
      const setting = (what: string) => lines.filter((line) => line.startsWith(`set(${what}, `));
      expect(setting("name")).toEqual([`set(name, "${otel.name}") where name == "${field}"`]);
      expect(setting("unit")).toEqual([`set(unit, "${otel.unit}") where name == "${field}"`]);
      // The other steps look the metric up by its old name.
      expect(lines.at(-1), field).toMatch(/^set\(name, /);
    }
  });

  it("scales the values of a field once where its unit changes, and not at all elsewhere", () => {
    for (const { field, otel } of mapped) {
      const scales = about(of("datapoint"), field).filter((line) => line.startsWith("set(value_double"));
      const factors = scales.map((line) => Number(/value_double \* ([\d.]+)\)/.exec(line)?.[1]));
      expect(factors, field).toEqual(otel.scale === 1 ? [] : [otel.scale]);
    }
  });

  it("sets on a field the attributes that tell it from others of its name", () => {
    for (const { field, otel } of mapped)
      for (const [key, value] of Object.entries(otel.attributes ?? {}))
        expect(about(of("datapoint"), field)).toContain(
          `set(attributes["${key}"], "${value}") where metric.name == "${field}"`,
        );
  });

  it("makes a sum of a gauge the convention calls one, and of nothing else", () => {
    const converted = of("metric").filter((line) => line.startsWith("convert_gauge_to_sum"));
    const expected = mapped.filter(({ otel, exporterType }) => otel.kind === "sum" && exporterType === "gauge");
    expect(converted).toEqual(
      expected.map(
        ({ field, otel }) => `convert_gauge_to_sum("cumulative", ${otel.monotonic === true}) where name == "${field}"`,
      ),
    );
  });

  it("leaves a field without a convention under its own name (S0-48: one path a series)", () => {
    expect(unmapped.length).toBeGreaterThan(0);
    const lines = known.flatMap(({ statements }) => statements);
    for (const field of unmapped) expect(about(lines, field), field).toEqual([]);
    expect(JSON.stringify(groups)).not.toContain("copy_metric");
  });

  it("keeps every mapped series apart from every other", () => {
    const keys = mapped.map(({ otel }) => JSON.stringify([otel.name, otel.attributes]));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([
    ["UUID", "hw.id"],
    ["modelName", "hw.model"],
    ["device", "hw.name"],
  ])("moves the label %s to %s, and touches no metric of an application", (label, attribute) => {
    const lines = of("datapoint");
    const moved = lines.findIndex((line) => line.startsWith(`set(attributes["${attribute}"], attributes["${label}"])`));
    expect(lines[moved + 1]).toBe(`delete_key(attributes, "${label}")`);
    expect(known.find(({ context }) => context === "datapoint")?.conditions).toEqual([
      'IsMatch(metric.name, "^DCGM_")',
    ]);
  });

  it("drops blank values before it scales them", () => {
    const processors = renderAgent(agentSettings()).service.pipelines["metrics"]?.processors ?? [];
    expect(processors.indexOf("filter/blank_dcgm_values")).toBeGreaterThan(0);
    expect(processors.indexOf("filter/blank_dcgm_values")).toBeLessThan(processors.indexOf("transform/gpu"));
  });
});
