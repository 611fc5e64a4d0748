import type { V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { findForeignSets } from "../../../infra/cli/foreign-sets.ts";

const appliedBy = (name: string, ...managers: readonly string[]): V1StatefulSet => ({
  metadata: {
    name,
    managedFields: [
      ...managers.map((manager) => ({ manager, operation: "Apply" })),
      { manager: "kube-controller-manager", operation: "Update", subresource: "status" },
    ],
  },
});
const known = (manager: string) => ({
  type: "kubernetes:apps/v1:StatefulSet",
  outputs: { __fieldManager: manager },
});
const OWN = [{ type: "pulumi:pulumi:Stack" }, known("pulumi-kubernetes-1a"), known("pulumi-kubernetes-2b")];

describe("sets whose volumes are changed beside the engine", () => {
  it("are an environment's own when its state has applied them, whoever else has", () => {
    const sets = [appliedBy("gateway", "kubectl", "pulumi-kubernetes-1a"), appliedBy("loki", "pulumi-kubernetes-2b")];
    expect(findForeignSets(sets, OWN, "staging")).toEqual([]);
  });

  it("rejects those of another environment's state, all at once, with the context", () => {
    const sets = [
      appliedBy("gateway", "pulumi-kubernetes-9f"),
      appliedBy("loki", "pulumi-kubernetes-9e"),
      appliedBy("tempo", "pulumi-kubernetes-2b"),
    ];
    expect(findForeignSets(sets, OWN, "production")).toMatchObject([
      {
        path: "statefulsets of gpu-observability: gateway, loki",
        got: "sets applied by pulumi-kubernetes-9f, pulumi-kubernetes-9e",
        fix: expect.stringContaining("context production") as string,
      },
    ]);
  });

  it("rejects those that nobody applied, and any where the state is lost", () => {
    expect(findForeignSets([appliedBy("gateway")], OWN, "staging")).toHaveLength(1);
    expect(findForeignSets([appliedBy("gateway", "pulumi-kubernetes-1a")], [], "staging")).toHaveLength(1);
    expect(findForeignSets([], [], "staging")).toEqual([]);
  });
});
