import { describe, expect, it } from "vitest";
import type { DatadogCondition } from "../../components/alerts/alert.ts";
import { datadog } from "../../components/datadog/query.ts";
import { gpu } from "../../components/signals/gpu.ts";
import type { RuleCase } from "../rules/rule-case.ts";
import { compareForms } from "./compare.ts";
import { alertingGroups, type StoredSeries } from "./evaluate.ts";
import { parseCondition } from "./parse-query.ts";

const stored = (metric: string, values: readonly number[], tags: Record<string, string> = {}): StoredSeries => ({
  metric,
  tags,
  points: values.map((value, index) => ({ seconds: (index + 1) * 60, value, interval: 60 })),
});
const valueOf = (query: string, series: readonly StoredSeries[]) =>
  alertingGroups(parseCondition(query), series, 300).get("");

// https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations, "Error rate example".
const ERRORS = [stored("requests.error", [1, 2, 3, 4, 5]), stored("requests.total", [10, 10, 10, 10, 10])];

describe("the evaluator of Datadog conditions", () => {
  it("gives the value of Datadog's own example of a ratio of counts", () => {
    const query = "sum(last_5m):sum:requests.error{*}.as_count() / sum:requests.total{*}.as_count() > 0";
    expect(valueOf(query, ERRORS)).toBeCloseTo(0.3);
  });

  it("gives the value of Datadog's own example of a ratio of rates, which is another", () => {
    const query = "sum(last_5m):sum:requests.error{*}.as_rate() / sum:requests.total{*}.as_rate() > 0";
    expect(valueOf(query, ERRORS)).toBeCloseTo(1.5);
  });

  it("aggregates over series at each moment and over time after that", () => {
    const series = [stored("a", [1, 9, 1, 1, 1], { gpu: "0" }), stored("a", [5, 5, 5, 5, 5], { gpu: "1" })];
    expect(valueOf("max(last_5m):avg:a{*} > 0", series)).toBe(7);
    expect(valueOf("avg(last_5m):max:a{*} > 0", series)).toBeCloseTo(5.8);
    expect(valueOf("min(last_5m):sum:a{gpu:1} > 0", series)).toBe(5);
  });

  it("looks at its window only", () => {
    expect(valueOf("max(last_2m):max:a{*} > 0", [stored("a", [9, 9, 9, 2, 1])])).toBe(2);
  });

  it("keeps groups apart, and filters by lists, endings and negations", () => {
    const series = [0, 1, 2].map((gpu) => stored("a", [gpu], { host: "gpu-1", gpu: String(gpu) }));
    const groups = (filters: string) => [
      ...alertingGroups(parseCondition(`max(last_5m):max:a{${filters}} by {host,gpu} > -1`), series, 300).keys(),
    ];
    expect(groups("gpu IN (0,2)")).toEqual(["host:gpu-1,gpu:0", "host:gpu-1,gpu:2"]);
    expect(groups("host:gpu-1 AND gpu NOT IN (0,2)")).toEqual(["host:gpu-1,gpu:1"]);
    expect(groups("!gpu:1,host:gpu-*")).toEqual(["host:gpu-1,gpu:0", "host:gpu-1,gpu:2"]);
    expect(groups("host:gpu-2")).toEqual([]);
  });

  it("rejects what it does not know, and a sum taken any other way", () => {
    expect(() => parseCondition("avg(last_5m):anomalies(avg:a{*}, 'basic', 2) > 1")).toThrow(/not in the part/);
    expect(() => parseCondition("avg:a{*} > 1")).toThrow(/not a condition/);
    expect(() => valueOf("max(last_5m):sum:a{*}.as_count() > 1", ERRORS)).toThrow(/summed over the window/);
  });
});

describe("the comparison of both forms", () => {
  const hot: RuleCase = {
    alert: "Hot",
    title: "one GPU is hot",
    series: {
      'hw_temperature_celsius{host_name="gpu-1", gpu="0", hw_sensor_location="gpu"}': () => 92,
      'hw_temperature_celsius{host_name="gpu-1", gpu="1", hw_sensor_location="gpu"}': () => 60,
      'hw_temperature_celsius{host_name="gpu-1", gpu="1", hw_sensor_location="memory"}': () => 99,
    },
    at: "10m",
    fires: [{ host_name: "gpu-1", gpu: "0", hw_model: "NVIDIA H100" }],
  };
  const temperature = (critical: number) => datadog`min(last_5m):max:${gpu.temperature} by {host,gpu} > ${critical}`;

  it("agrees where the threshold is the rule's, and disagrees where it is not", () => {
    const agreed = compareForms([temperature(85)], hot, 60);
    expect(agreed).toEqual({ prometheus: ["host:gpu-1,gpu:0"], datadog: ["host:gpu-1,gpu:0"] });
    expect(compareForms([temperature(95)], hot, 60).datadog).toEqual([]);
    expect(compareForms([temperature(50)], hot, 60).datadog).toEqual(["host:gpu-1,gpu:0", "host:gpu-1,gpu:1"]);
  });

  it("takes a counter for its growth, from its second point on", () => {
    const faults: RuleCase = {
      ...hot,
      series: {
        'hw_errors_total{host_name="gpu-1", gpu="0", hw_type="gpu", error_type="uncorrected"}': (seconds) =>
          7 + seconds / 60,
      },
    };
    const grown = (critical: number): DatadogCondition =>
      datadog`sum(last_5m):sum:${gpu.eccUncorrected} by {host,gpu}.as_count() >= ${critical}`;
    expect(compareForms([grown(5)], faults, 60).datadog).toEqual(["host:gpu-1,gpu:0"]);
    expect(compareForms([grown(6)], faults, 60).datadog).toEqual([]);
  });

  it("tells of a group that went silent, and of a monitor that never had data", () => {
    const silent: DatadogCondition = { ...temperature(85), noDataMinutes: 5 };
    const gone = { ...hot, series: mapValues(hot.series, () => (seconds: number) => (seconds < 240 ? 60 : undefined)) };
    expect(compareForms([silent], gone, 60).datadog).toEqual(["host:gpu-1,gpu:0", "host:gpu-1,gpu:1"]);
    expect(compareForms([silent], { ...hot, series: {} }, 60).datadog).toEqual([""]);
  });

  it("leaves out what Prometheus alone scrapes: Datadog has no such series", () => {
    const scraped = { ...hot, series: { 'up{job="gateway", instance="127.0.0.1:8889"}': () => 0 } };
    expect(compareForms([{ ...temperature(85), noDataMinutes: 5 }], scraped, 60).datadog).toEqual([""]);
  });
});

function mapValues<Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => Value) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
