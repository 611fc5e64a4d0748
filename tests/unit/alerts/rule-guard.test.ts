import { describe, expect, it } from "vitest";
import type { PlannedAlert } from "../../../components/alerts/render.ts";
import { gpu } from "../../../components/signals/gpu.ts";
import { promql } from "../../../components/signals/query.ts";
import { findDefinitionProblems } from "../../rules/definitions.ts";
import { findExpressionProblems, knownSeries } from "../../rules/expression.ts";
import { steady } from "../../rules/rule-case.ts";

const known = knownSeries(Object.values(gpu));
const alert: PlannedAlert = {
  name: "GpuSick",
  area: "gpu",
  severity: "warning",
  meaning: "",
  summary: "{{ $labels.gpu }}",
  query: promql`${gpu.temperature} > 1`,
  impact: "",
  actions: [],
  dashboard: "gpu-device",
  datadog: { exempt: "a test" },
};
const one = { alert: "GpuSick", series: { a: steady(1) }, at: "5m" } as const;
const firing = { ...one, title: "fires", fires: [{ gpu: "1" }] };
const quiet = { ...one, title: "quiet", fires: [] };

describe("the guard over alerts", () => {
  it("takes an alert with both cases", () => {
    expect(findDefinitionProblems([alert], [firing, quiet])).toEqual([]);
  });

  it("rejects an alert without a firing or a quiet case", () => {
    expect(findDefinitionProblems([alert], [quiet])).toEqual(["GpuSick: has no case in which it fires"]);
    expect(findDefinitionProblems([alert], [firing])).toEqual(["GpuSick: has no case in which it stays quiet"]);
  });

  it("rejects two alerts of one name", () => {
    expect(findDefinitionProblems([alert, alert], [firing, quiet])).toContain("GpuSick: is the name of two alerts");
  });

  it("rejects a name that is not in PascalCase, and a knob no environment has", () => {
    const odd = { ...alert, name: "gpu_sick", knobs: ["alerts.gpu.nonsense"] };
    expect(findDefinitionProblems([odd], [])).toEqual(
      expect.arrayContaining([
        "gpu_sick: is not in PascalCase",
        "gpu_sick: names alerts.gpu.nonsense, no threshold of any area",
      ]),
    );
  });

  it("rejects a summary with a label the alert does not have", () => {
    const cases = [{ ...firing, fires: [{ host_name: "a" }] }, quiet];
    expect(findDefinitionProblems([alert], cases)).toEqual([
      "GpuSick: shows the label gpu in its summary, and fires without it",
    ]);
  });
});

describe("the guard over expressions", () => {
  it.each([
    ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS > 0", /not in the catalogue/],
    ['DCGM_FI_DEV_SM_CLOCK{Hostname="a"} > 0', /matches .* by Hostname/],
    ["max by (hostname) (DCGM_FI_DEV_SM_CLOCK)", /groups by hostname/],
    ["increase(DCGM_FI_DEV_POWER_VIOLATION_total[2m]) > 0", /fewer than four samples/],
    ["max by (", /no PromQL/],
  ])("rejects %s", (expression, problem) => {
    expect(findExpressionProblems(expression, known).join()).toMatch(problem);
  });

  it("takes a label that the expression makes itself", () => {
    const made = 'max by (reason) (label_replace(DCGM_FI_DEV_SM_CLOCK{gpu="1"}, "reason", "x", "", ""))';
    expect(findExpressionProblems(made, known)).toEqual([]);
  });
});
