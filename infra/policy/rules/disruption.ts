import { type KubernetesObject, type Platform, type PolicyRule, STRICT, type Violation } from "../model.ts";
import { at, numberAt, textAt, textMapAt, treeAt } from "../read/known.ts";
import { selects, templateOf, whereOf } from "../read/kubernetes-object.ts";

/** Sets of replicas that Kubernetes may thin out. */
export function replicatedSets({ objects }: Platform): readonly KubernetesObject[] {
  return objects
    .filter(({ kind }) => kind === "StatefulSet" || kind === "Deployment")
    .filter(({ body }) => (numberAt(body, "spec", "replicas") ?? 1) > 1);
}

/** Draining a node never takes the last replica. */
export const disruptionBudgets: PolicyRule = {
  name: "disruption-budgets",
  description: "Every set of replicas has a PodDisruptionBudget that keeps at least one and lets at least one go.",
  fix: "let the kubernetes runtime make it: components/runtime/kubernetes",
  only: STRICT,
  check: (platform) => replicatedSets(platform).flatMap((set) => checkSet(set, platform)),
};

function checkSet(set: KubernetesObject, { objects }: Platform): readonly Violation[] {
  const labels = textMapAt(templateOf(set), "metadata", "labels");
  const budgets = objects.filter(
    (object) =>
      object.kind === "PodDisruptionBudget" &&
      object.namespace === set.namespace &&
      selects(treeAt(object.body, "spec", "selector"), labels),
  );
  const report = (what: string): Violation[] => [{ where: whereOf(set), urn: set.urn, what }];
  if (budgets.length === 0) return report("no PodDisruptionBudget: draining nodes may take every replica");
  // An update that renames a resource is asked about it under both names.
  if (new Set(budgets.map(({ name }) => name)).size > 1)
    return report("several PodDisruptionBudgets: Kubernetes evicts none of its pods");
  return faultOf(budgets[0], numberAt(set.body, "spec", "replicas") ?? 1).flatMap(report);
}

function faultOf(budget: KubernetesObject | undefined, replicas: number): readonly string[] {
  const least = toCount(at(budget?.body, "spec", "minAvailable"), replicas);
  const most = toCount(at(budget?.body, "spec", "maxUnavailable"), replicas);
  const left = least ?? replicas - (most ?? 0);
  if (left >= replicas) return ["its PodDisruptionBudget lets none go: no node can be drained"];
  if (left < 1) return ["its PodDisruptionBudget lets all go at once"];
  return [];
}

function toCount(value: unknown, replicas: number): number | undefined {
  const text = textAt({ value }, "value");
  if (text === "") return undefined;
  return text.endsWith("%") ? Math.ceil((Number(text.slice(0, -1)) / 100) * replicas) : Number(text);
}

/** Losing one machine never takes every replica. */
export const replicasSpread: PolicyRule = {
  name: "replicas-spread",
  description: "Replicas of a set run on different nodes: topology spread or anti-affinity by hostname.",
  fix: "let the kubernetes runtime spread them: components/runtime/kubernetes",
  only: STRICT,
  check: (platform) =>
    replicatedSets(platform)
      .filter((set) => !isSpread(treeAt(templateOf(set), "spec")))
      .map((set) => ({ where: whereOf(set), urn: set.urn, what: "one node may hold every replica" })),
};

const HOSTNAME = "kubernetes.io/hostname";

function isSpread(spec: object): boolean {
  const terms = [
    ...listAt(spec, "topologySpreadConstraints"),
    ...listAt(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"),
    ...listAt(spec, "affinity", "podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution").map((term) =>
      treeAt(term, "podAffinityTerm"),
    ),
  ];
  return terms.some((term) => textAt(term, "topologyKey") === HOSTNAME);
}

function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}
