import { describe, expect, it } from "vitest";
import { destinationsOf, planFlows, sourcesOf } from "../../../components/pipeline/flow.ts";

const stages = {
  connectors: { count: {}, share: {} },
  pipelines: {
    traces: { receivers: ["otlp"], exporters: ["count", "share"] },
    "traces/kept": { receivers: ["share"], exporters: ["tempo"] },
    metrics: { receivers: ["otlp"], exporters: ["prometheus"] },
    "metrics/counted": { receivers: ["count"], exporters: ["prometheus"] },
  },
};

describe("planFlows", () => {
  it("follows a signal through a connector to where it leaves", () => {
    const flows = planFlows(stages);
    expect(destinationsOf("traces", flows)).toEqual(["tempo"]);
    expect(flows).toContainEqual({ signal: "traces", source: "otlp", destination: "tempo" });
  });

  it("takes a connector that changes the signal as a source of its own", () => {
    expect(sourcesOf("metrics", planFlows(stages))).toEqual(["count", "otlp"]);
    expect(sourcesOf("traces", planFlows(stages))).toEqual(["otlp"]);
  });

  it("finds no destination for a pipeline that only feeds a connector nobody reads", () => {
    const flows = planFlows({
      connectors: { share: {} },
      pipelines: { logs: { receivers: ["otlp"], exporters: ["share"] } },
    });
    expect(flows).toEqual([]);
  });

  it("ends although connectors form a ring", () => {
    const flows = planFlows({
      connectors: { a: {}, b: {} },
      pipelines: {
        logs: { receivers: ["otlp", "b"], exporters: ["a", "loki"] },
        "logs/back": { receivers: ["a"], exporters: ["b"] },
      },
    });
    expect(destinationsOf("logs", flows)).toEqual(["loki"]);
  });
});
