import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPeerRouting } from "../../../components/collector/render-peers.ts";
import type { GatewaySettings } from "../../../components/collector/settings.ts";
import { parse } from "yaml";
import type { CollectorConfig } from "../../../components/collector/config.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { OFFLINE } from "../../../infra/cli/unavailable.ts";
import { planGateways } from "../../../infra/deploy/gateways.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { gatewaySet, gatewaySettings, otherGateway, SAMPLING_ON } from "./fixture.ts";

const settings = gatewaySettings({ sampling: SAMPLING_ON });

interface Routing {
  readonly default_pipelines: readonly string[];
  readonly table: readonly { readonly condition: string; readonly pipelines: readonly string[] }[];
}
const routingOf = (of: GatewaySettings) => renderPeerRouting(of, 16).connectors["routing/peers"] as Routing;

/** Where a gateway sends a span, as the routing connector decides it: the first route that fits, else the default. */
function pipelineOf(of: GatewaySettings, lastDigits: string, podName = ""): string | undefined {
  const { table, default_pipelines } = routingOf(of);
  const fits = (term: string) => {
    const [, below] = /^Substring\(trace_id\.string, 28, 4\) < "([0-9a-f]{4})"$/.exec(term) ?? [];
    if (below !== undefined) return lastDigits < below;
    const [, left, right] = /^"(.*)" == "(.*)"$/.exec(term.replace("${env:POD_NAME}", podName)) ?? [];
    if (left !== undefined) return left === right;
    return term === "true";
  };
  const route = table.find(({ condition }) => condition.split(" and ").every(fits));
  return (route?.pipelines ?? default_pipelines)[0];
}

/** Address a pipeline's exporter sends to; the sampler's own pipeline names this gateway. */
function ownerOf(of: GatewaySettings, lastDigits: string, self: string, podName?: string): string {
  const { pipelines, exporters } = renderPeerRouting(of, 16);
  const pipeline = pipelineOf(of, lastDigits, podName) ?? "";
  if (pipeline === "traces/sampled") return self;
  const [exporter = ""] = pipelines[pipeline]?.exporters ?? [];
  return (exporters[exporter] as { endpoint: string }).endpoint.replace(/:\d+$/, "");
}

const digits = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16).padStart(4, "0"));

describe("the owner of a trace", () => {
  it("is the same whichever gateway is asked, and samples it in the process", () => {
    fc.assert(
      fc.property(digits, (last) => {
        const owner = ownerOf(settings, last, "gateway-a.internal");
        expect(ownerOf(otherGateway(settings), last, "gateway-b.internal")).toBe(owner);
        expect(pipelineOf(settings, last) === "traces/sampled").toBe(owner === "gateway-a.internal");
      }),
    );
  });

  it("is the same in a set whose replicas share one file and know their names from the runtime", () => {
    const set = gatewaySet(settings);
    fc.assert(
      fc.property(digits, fc.constantFrom(0, 1, 2), (last, replica) => {
        const name = `gateway-${replica}`;
        const owner = ownerOf(set, last, `${name}.gateway.gpu-observability.svc`, name);
        expect(owner).toBe(`gateway-${last < "8000" ? 0 : 1}.gateway.gpu-observability.svc`);
        // A third one, added by the autoscaler, owns nothing: it hands everything over.
        expect(pipelineOf(set, last, name) === "traces/sampled").toBe(owner.startsWith(`${name}.`));
      }),
    );
  });

  it("is an equal share of all ids for each of any number of gateways", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (count) => {
        const peers = Array.from({ length: count }, (_, index) => ({ host: `gateway-${index}.internal`, port: 14319 }));
        const owners = Array.from({ length: 256 }, (_, value) => {
          const first = peers[0]?.host ?? "";
          const of = { ...settings, peers, placement: { ...settings.placement, dial: first } };
          return ownerOf(of, (value * 256).toString(16).padStart(4, "0"), first);
        });
        for (const { host } of peers)
          expect(Math.abs(owners.filter((owner) => owner === host).length - 256 / count)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is the gateway itself where it has no peers", () => {
    const alone = { ...settings, peers: settings.peers.slice(0, 1) };
    for (const last of ["0000", "7fff", "ffff"]) expect(pipelineOf(alone, last)).toBe("traces/sampled");
  });

  it("is found without a look at spans of the last share", () => {
    expect(routingOf(settings).table).toHaveLength(1);
  });
});

describe("the queue to a gateway itself", () => {
  it("stays, so that what an older version left in it on disk is sent", () => {
    const { exporters, pipelines } = renderPeerRouting(settings, 16);
    expect(exporters["otlp_grpc/peer_1"]).toMatchObject({ endpoint: "gateway-a.internal:14319" });
    expect(pipelines["traces/share_1"]).toEqual({
      receivers: ["routing/peers"],
      processors: [],
      exporters: ["otlp_grpc/peer_1"],
    });
  });
});

/** Routing of each gateway of a stack whose traces are sampled. */
function routingsOf(stack: "local" | "dev" | "staging" | "production") {
  const environment = readEnvironment(PROJECT_ROOT, stack);
  const sampled = { ...environment, sampling: { ...environment.sampling, default: 0.5 } };
  return planGateways(planTopology(sampled, OFFLINE)).map(({ files }) => {
    const { connectors } = parse(files["otel-collector-config.yaml"] ?? "") as CollectorConfig;
    return connectors["routing/peers"] as Routing;
  });
}

describe("the gateways of a stack", () => {
  it.each(["local", "dev"] as const)("of %s each know their own share", (stack) => {
    const targets = routingsOf(stack).map(({ table, default_pipelines }) => [
      ...table.flatMap(({ pipelines }) => pipelines),
      ...default_pipelines,
    ]);
    expect(targets).toEqual([
      ["traces/sampled", "traces/share_2"],
      ["traces/share_1", "traces/sampled"],
    ]);
  });

  it.each(["staging", "production"] as const)("of %s each find their own share by the pod's name", (stack) => {
    const [routing] = routingsOf(stack);
    const names = routing?.table
      .filter(({ pipelines }) => pipelines[0] === "traces/sampled")
      .map(({ condition }) => condition.split(" and ")[0]);
    const service = "gateway.gpu-observability.svc";
    expect(names).toEqual([0, 1].map((index) => `"\${env:POD_NAME}.${service}" == "gateway-${index}.${service}"`));
  });
});
