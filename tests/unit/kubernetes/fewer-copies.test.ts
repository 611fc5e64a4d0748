import type { AppsV1Api, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { findQueuesLeftBehind, takeBackCopies } from "../../../infra/cli/fewer-copies.ts";
import { planStack } from "./planned.ts";

const planned = (gateways: string) =>
  planStack("production", `gateways=${gateways}`, 'gateways.addresses=["otlp.example.org:4317"]').workloads;
const running = (replicas: number, name = "gateway"): V1StatefulSet => ({
  metadata: { name },
  spec: { replicas, serviceName: name, selector: {}, template: {} },
});
const found = (gateways: string, replicas: number) =>
  findQueuesLeftBehind(planned(gateways), [running(replicas), running(9, "loki")], {
    stack: "production",
    context: "eu-1",
  });

describe("fewer gateways than run", () => {
  it.each([
    ["as many, or more", "{ count: 3 }", 3],
    ["those that Kubernetes added, up to the most it may", "{ count: 2, maxCount: 4 }", 4],
    ["a least that is lower while the most is not", "{ count: 2, maxCount: 6 }", 5],
    ["none that run", "{ count: 3 }", 0],
  ])("are not what is asked for by %s", (_, gateways, replicas) => {
    expect(found(gateways, replicas)).toEqual([]);
  });

  it("rejects a lower count in one problem, with the copies, the metric and the command", () => {
    const problems = found("{ count: 2 }", 4);
    expect(problems).toEqual([
      {
        path: "stacks/Pulumi.production.yaml: gateways.count",
        expected:
          "at least the 4 copies that run: what gateway-2, gateway-3 have not sent yet would wait on their volumes for them to come back",
        got: "2",
        fix: 'set gateways.count to 4; or, once otelcol_exporter_queue_size{job="gateway",instance=~"(gateway-2|gateway-3).*"} shows 0 (Grafana, Explore; no data is not 0): kubectl --context eu-1 -n gpu-observability delete hpa gateway --ignore-not-found && kubectl --context eu-1 -n gpu-observability scale statefulset gateway --replicas=2, then run `up` again',
      },
    ]);
  });

  it("rejects a most that is lower than what runs, to which an autoscaler would go down at once", () => {
    expect(found("{ count: 2, maxCount: 3 }", 4)).toMatchObject([
      { path: "stacks/Pulumi.production.yaml: gateways.maxCount", got: "3" },
    ]);
    expect(found("{ count: 2, maxCount: 2 }", 4)).toMatchObject([
      { got: "2", fix: expect.stringContaining("set gateways.count and gateways.maxCount to 4") as string },
    ]);
  });
});

describe("copies that somebody scaled beside the engine", () => {
  const applied = { manager: "pulumi-kubernetes-1a", operation: "Apply" };
  const scaled = { manager: "kubectl", operation: "Update", subresource: "scale" };
  const set = (name: string, ...managedFields: readonly object[]): V1StatefulSet => ({
    metadata: { name, managedFields: [...managedFields] },
  });

  async function patchesOf(gateways: string, sets: readonly V1StatefulSet[]): Promise<readonly unknown[]> {
    const patches: unknown[] = [];
    const api = { patchNamespacedStatefulSet: (request: unknown) => Promise.resolve(patches.push(request)) };
    const known = { type: "kubernetes:apps/v1:StatefulSet", outputs: { __fieldManager: applied.manager } };
    await takeBackCopies(api as unknown as AppsV1Api, planned(gateways), sets, () => Promise.resolve([known]));
    return patches;
  }

  it("are the engine's to decide again, and nothing else of the set changes hands", async () => {
    const sets = [set("gateway", applied, scaled), set("loki", applied), set("tempo", scaled), set("a", scaled)];
    expect(await patchesOf("{ count: 2 }", sets)).toEqual([
      expect.objectContaining({
        name: "gateway",
        body: { metadata: { managedFields: [applied] } },
      }),
    ]);
  });

  it("stay with Kubernetes where it may start more", async () => {
    expect(await patchesOf("{ count: 2, maxCount: 4 }", [set("gateway", applied, scaled)])).toEqual([]);
  });
});
