import { describe, expect, it } from "vitest";
import type { CollectorConfig } from "../../../../components/collector/config.ts";
import { renderComparison } from "../../../../infra/cli/bench/comparisons.ts";
import { renderGateways, renderSink } from "../../../../infra/cli/bench/gateway-configs.ts";
import { COMPARISONS, HOSTS } from "../../../../infra/cli/bench/gateway-targets.ts";

const exportersOf = (config: object | string) =>
  Object.entries((config as CollectorConfig).exporters) as [string, { compression?: string; sending_queue?: object }][];

describe("what gateways are measured beside", () => {
  it.each(COMPARISONS)("%s says in its name how it compresses and what it keeps on disk", (name) => {
    const exporters = renderComparison(name).flatMap(({ config }) => exportersOf(config));
    const compression = /Snappy|Tuned/.test(name) ? "snappy" : "gzip";
    for (const [id, exporter] of exporters) {
      expect(exporter.compression, id).toBe(compression);
      expect("sending_queue" in exporter, id).toBe(name.startsWith("durable"));
    }
  });

  it("has the hops of the gateways: two backends, and in a pair a queue to the other one", () => {
    const ids = (name: "durable" | "durablePair") =>
      renderComparison(name).map(({ config }) => exportersOf(config).map(([id]) => id));
    expect(ids("durable")).toEqual([["otlp_grpc/1", "otlp_grpc/2"]]);
    expect(ids("durablePair")).toEqual([
      ["otlp_grpc/1", "otlp_grpc/2"],
      ["otlp_grpc/1", "otlp_grpc/2", "otlp_grpc/peer"],
    ]);
  });

  it("listens where its certificate is for, each on an address of its own", () => {
    const listeners = COMPARISONS.flatMap(renderComparison).map(({ listens }) => listens.host);
    expect(new Set(listeners).size).toBe(listeners.length);
    for (const host of listeners) expect(HOSTS).toContain(host);
  });

  it("sends where the sink listens", () => {
    const { receivers } = renderSink() as CollectorConfig;
    const text = JSON.stringify(receivers);
    for (const { config } of COMPARISONS.flatMap(renderComparison)) {
      for (const [id, exporter] of exportersOf(config).filter(([id]) => id !== "otlp_grpc/peer"))
        expect(text, id).toContain(`"${(exporter as { endpoint: string }).endpoint}"`);
    }
  });
});

describe("the gateways that are measured", () => {
  it("run with the memory settings that a deployment gives them", () => {
    for (const { env } of [...renderGateways("unsampled"), ...renderGateways("everything")])
      expect(env).toEqual({ GOMEMLIMIT: "281MiB", GOGC: "400" });
  });
});
