import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CollectorConfig } from "../../../components/collector/config.ts";
import { renderGateway } from "../../../components/collector/render-gateway.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { loadEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { DESTINATIONS, findLooseEnds, gatewaySettings, SAMPLING_OFF, SAMPLING_ON } from "./fixture.ts";

/** No environment is without a store of traces: `loadEnvironment` rejects it. */
const KEEPS_TRACES: readonly string[] = ["tempo", "jaeger", "greptimedb"];

const rate = fc.double({ min: 0, max: 1, noNaN: true });
const settingsOfAnyGateway = fc
  .record({
    destinations: fc
      .subarray([...DESTINATIONS], { minLength: 1 })
      .filter((some) => some.some(({ kind }) => KEEPS_TRACES.includes(kind))),
    sampling: fc.oneof(
      fc.constantFrom(SAMPLING_OFF, SAMPLING_ON),
      fc.record({
        default: rate,
        services: fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,9}$/), rate, { maxKeys: 3 }),
        slowTraceMs: fc.integer({ min: 1, max: 60_000 }),
      }),
    ),
    scrapeEnabled: fc.boolean(),
    debugEnabled: fc.boolean(),
  })
  .map(gatewaySettings);

describe("a gateway's configuration, whatever it sends to and samples", () => {
  it("uses every receiver, exporter, connector and extension it defines", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const config = renderGateway(settings);
        // A guard of a signal nobody takes stays defined: that is no way for telemetry to get lost.
        const guards = Object.keys(config.processors).map((id) => `${id} is defined and not used`);
        expect(findLooseEnds(config).filter((end) => !guards.includes(end))).toEqual([]);
        expect([...config.service.extensions].sort()).toEqual(Object.keys(config.extensions).sort());
      }),
    );
  });

  it("limits memory first; only what was let in before passes on to peers and to the sampler unlimited (S0-25)", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        for (const [id, { receivers, processors }] of Object.entries(renderGateway(settings).service.pipelines))
          if (id === "traces/sampled") expect(receivers).toEqual(["routing/peers", "forward/sampled"]);
          else if (processors.length > 0) expect(processors[0], id).toBe("memory_limiter");
          else expect(receivers, id).toEqual(["routing/peers"]);
      }),
    );
  });

  it("samples exactly where some rate is below 1, and batches only after the sampler (S0-30)", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const { processors, service } = renderGateway(settings);
        const isSampling = [settings.sampling.default, ...Object.values(settings.sampling.services)].some((r) => r < 1);
        expect("tail_sampling" in processors).toBe(isSampling);
        const batches = Object.keys(processors).filter((id) => id.startsWith("batch"));
        expect(batches).toEqual(isSampling ? ["batch/sampled"] : []);
        for (const pipeline of Object.values(service.pipelines)) {
          const batch = pipeline.processors.findIndex((id) => id.startsWith("batch"));
          if (batch >= 0) expect(pipeline.processors[batch - 1]).toBe("tail_sampling");
        }
      }),
    );
  });

  it("counts spans in the pipeline before the sampler, where anybody takes metrics (C-03)", () => {
    fc.assert(
      fc.property(settingsOfAnyGateway, (settings) => {
        const { connectors, service } = renderGateway(settings);
        for (const id of ["spanmetrics", "servicegraph"].filter((each) => each in connectors)) {
          const sources = Object.entries(service.pipelines).filter(([, { exporters }]) => exporters.includes(id));
          expect(sources.map(([name]) => name)).toEqual(["traces"]);
        }
        expect(service.pipelines["traces"]?.processors).not.toContain("tail_sampling");
      }),
    );
  });
});

/** Files and arguments of an environment's workloads, by name. */
function workloadsOf(changes: object) {
  const environment = loadEnvironment("local", {
    runtime: "process",
    hosts: ["gpu-1", "gpu-2"].map((name) => ({ name, runtime: "process", gpus: 8 })),
    ...changes,
  });
  const workloads = planDeployables(planTopology(environment)).map(({ workload }) => workload);
  return new Map(workloads.map((workload) => [workload.name, workload]));
}

const OFF = { jaeger: { enabled: false }, greptimedb: { enabled: false } };
const GREPTIMEDB = ["traces", "metrics", "logs"].map((signal) => `otlp_http/greptimedb-${signal}`);

describe.each([
  ["jaeger", ["otlp_grpc/jaeger"], []],
  ["greptimedb", GREPTIMEDB, ["basicauth/greptimedb"]],
] as const)("adding %s", (backend, exporters, extensions) => {
  const before = workloadsOf(OFF);
  const after = workloadsOf({ ...OFF, [backend]: { enabled: true } });
  const gateway = (workloads: typeof before) =>
    parse(workloads.get("gateway-a")?.files["otel-collector-config.yaml"] ?? "") as CollectorConfig;

  it("changes nothing on any host (S0-51, S0-72)", () => {
    const onHosts = [...before.keys()].filter((name) => name.startsWith("gpu-"));
    expect(onHosts).toHaveLength(6);
    for (const name of onHosts) expect(after.get(name), name).toEqual(before.get(name));
  });

  it("adds its exporters and extensions to a gateway, and changes no other part of it (S0-72)", () => {
    const [old, now] = [gateway(before), gateway(after)];
    const news = (part: "exporters" | "extensions") => Object.keys(now[part]).filter((id) => !(id in old[part]));
    expect(news("exporters")).toEqual(exporters);
    expect(news("extensions")).toEqual(extensions);
    for (const part of ["receivers", "processors", "connectors"] as const) expect(now[part]).toEqual(old[part]);
  });

  it("leaves every other exporter its place in the pipelines", () => {
    const rest = ({ service }: CollectorConfig) =>
      Object.entries(service.pipelines).map(([id, pipeline]) => ({
        id,
        ...pipeline,
        exporters: pipeline.exporters.filter((exporter) => !(exporters as readonly string[]).includes(exporter)),
      }));
    expect(rest(gateway(after))).toEqual(rest(gateway(before)));
  });
});

describe("what a gateway sends to GreptimeDB", () => {
  const { exporters } = renderGateway(gatewaySettings());

  it("goes over OTLP/HTTP to one endpoint for every signal, never over gRPC (C-09)", () => {
    for (const id of GREPTIMEDB)
      expect(exporters[id], id).toMatchObject({
        endpoint: "http://greptimedb.internal:4000/v1/otlp",
        headers: { "x-greptime-db-name": "public" },
      });
    expect(
      Object.keys(exporters)
        .filter((id) => id.includes("greptimedb"))
        .sort(),
    ).toEqual([...GREPTIMEDB].sort());
  });

  it("names a pipeline for traces only (C-09)", () => {
    const named = Object.entries(exporters).filter(([, item]) => JSON.stringify(item).includes("pipeline-name"));
    expect(named.map(([id]) => id)).toEqual(["otlp_http/greptimedb-traces"]);
  });
});
