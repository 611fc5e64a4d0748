import { describe, expect, it } from "vitest";
import { compatibilityRecordings } from "../../components/signals/compatibility.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import { checkRules, testRules } from "./promtool.ts";
import { andThen, growing, type Shape, steady } from "./rule-case.ts";
import { SPACINGS } from "./promtool-files.ts";
import { sick } from "./series.ts";

const recordings = compatibilityRecordings();
const rules = recordings.map(({ name, query }) => ({ record: name, expr: query.text }));
const MIB = 1_048_576;

/** One alert, over the old name and over the new one: value, labels and moment must be the same. */
const PAIRS = [
  {
    old: 'max by (Hostname, gpu, UUID, modelName) (DCGM_FI_DEV_GPU_TEMP{Hostname="gpu-1"}) > 85',
    now: promql`max by (host_name, gpu, hw_id, hw_model) (${gpu.temperature}{host_name="gpu-1"}) > 85`,
    series: sick(gpu.temperature, andThen(steady(60), "5m", steady(89))),
  },
  {
    old: "max by (Hostname, gpu, UUID, modelName) (DCGM_FI_DEV_FB_USED) > 70000",
    now: promql`max by (host_name, gpu, hw_id, hw_model) (${gpu.memoryUsed}) > ${70_000 * MIB}`,
    series: sick(gpu.memoryUsed, andThen(steady(1000 * MIB), "5m", steady(75_000 * MIB))),
  },
  {
    old: "max by (Hostname, gpu, UUID, modelName) (DCGM_FI_DEV_GPU_UTIL) > 90",
    now: promql`max by (host_name, gpu, hw_id, hw_model) (${gpu.utilization}) > 0.9`,
    series: sick(gpu.utilization, andThen(steady(0.3), "5m", steady(0.95))),
  },
  {
    old: "max by (Hostname, gpu, UUID, modelName) (increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL[10m])) > 0",
    now: promql`max by (host_name, gpu, hw_id, hw_model) (increase(${gpu.eccUncorrected}[10m])) > 0`,
    series: sick(gpu.eccUncorrected, andThen(steady(1), "6m", steady(2))),
  },
  {
    old: "max by (Hostname, gpu, UUID, modelName) (rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION[5m])) / 1000 > 500",
    now: promql`max by (host_name, gpu, hw_id, hw_model) (rate(${gpu.energy}[5m])) > 500`,
    series: sick(gpu.energy, growing(36_000)),
  },
] as const;

describe("series under the exporter's own names (S0-49, S0-50)", () => {
  it("exist for every field that was renamed", () => {
    const renamed = Object.values(gpu).filter(({ exporterField, prometheusName }) => exporterField !== prometheusName);
    expect(recordings.map(({ name }) => name)).toEqual(renamed.map(({ exporterField }) => exporterField));
  });

  it("are rules that promtool takes", () => {
    expect(checkRules({ "rules/compatibility.yml": { groups: [{ name: "compatibility", rules }] } })).toBe("");
  });

  it.each(SPACINGS)("give the same alerts as the new names, with a sample every %i s", (spacing) => {
    const pairs = PAIRS.map(({ old, now, series }) => toFiles(old, now.text, series, spacing));
    for (const [name, failure] of testRules(pairs)) expect(failure, name).toBe("");
  });
});

function toFiles(old: string, now: string, series: Readonly<Record<string, Shape>>, spacing: number) {
  const values = (shape: Shape) =>
    Array.from({ length: 900 / spacing + 1 }, (_, at) => shape(at * spacing) ?? "_").join(" ");
  const gpuLabels = { gpu: "3" };
  const expected = (alertname: string, exp_labels: object) => [
    { eval_time: "2m", alertname, exp_alerts: [] },
    { eval_time: "12m", alertname, exp_alerts: [{ exp_labels }] },
  ];
  return {
    rules: {
      groups: [
        { name: "compatibility", rules },
        {
          name: "alerts",
          rules: [
            { alert: "Old", expr: old },
            { alert: "New", expr: now },
          ],
        },
      ],
    },
    test: {
      evaluation_interval: "15s",
      group_eval_order: ["compatibility", "alerts"],
      tests: [
        {
          name: `${old} (${spacing} s)`,
          interval: `${spacing}s`,
          input_series: Object.entries(series).map(([name, shape]) => ({ series: name, values: values(shape) })),
          alert_rule_test: [
            ...expected("Old", {
              ...gpuLabels,
              Hostname: "gpu-1",
              UUID: "GPU-3",
              modelName: "NVIDIA H100 80GB HBM3",
            }),
            ...expected("New", {
              ...gpuLabels,
              host_name: "gpu-1",
              hw_id: "GPU-3",
              hw_model: "NVIDIA H100 80GB HBM3",
            }),
          ],
        },
      ],
    },
  };
}
