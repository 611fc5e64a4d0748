import { copiesOf, metadataOf, type Scope } from "./scope.ts";
import type { PodDisruptionBudget } from "./types.ts";

/** Whoever drains nodes takes one copy at a time; a copy that is broken anyway stops nobody. */
export function renderPodDisruptionBudgets(scope: Scope) {
  const { workload, selector } = scope;
  if (workload.hostAccess !== undefined || copiesOf(workload) < 2) return [];
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadataOf(scope, workload.name),
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selector } },
  } satisfies PodDisruptionBudget;
  return [budget];
}
