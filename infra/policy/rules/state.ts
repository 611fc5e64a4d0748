import type { KubernetesObject, PolicyRule, Tree, Violation } from "../model.ts";
import { textAt, textMapAt, treeAt, treesAt } from "../read/known.ts";
import { templateOf, whereOf } from "../read/kubernetes-object.ts";

/** Services whose folders hold what was measured, or what waits to be stored. */
const KEEPERS = new Set(["prometheus", "alertmanager", "tempo", "loki", "jaeger", "greptimedb", "grafana", "gateway"]);

/**
 * What was measured survives a mistake. Whether the engine retains the namespace of the claims is not shown to a
 * policy, so that is not judged here.
 */
export const stateProtected: PolicyRule = {
  name: "state-protected",
  description: "Gateways and backends keep their data on volumes that outlive their set and are not deleted with it.",
  fix: "set kubernetes.keepData: true",
  only: ["production"],
  check: ({ objects }) => objects.flatMap((object) => [...checkSet(object), ...checkClaim(object)]),
};

function checkSet(object: KubernetesObject): readonly Violation[] {
  const { kind, body } = object;
  if (kind !== "StatefulSet" && kind !== "Deployment") return [];
  const report = (what: string): Violation => ({ where: whereOf(object), urn: object.urn, what });
  const template = templateOf(object);
  const claims = [
    ...treesAt(body, "spec", "volumeClaimTemplates"),
    ...treesAt(template, "spec", "volumes").filter((volume) => "persistentVolumeClaim" in volume),
  ];
  const service = textMapAt(template, "metadata", "labels")["app.kubernetes.io/name"] ?? "";
  if (claims.length === 0 && KEEPERS.has(service) && !hasDatabase(template)) {
    return [report("keeps its data in the pod and loses it with the pod")];
  }
  return ["whenDeleted", "whenScaled"]
    .filter((when) => textAt(treeAt(body, "spec", "persistentVolumeClaimRetentionPolicy"), when) === "Delete")
    .map((when) => report(`persistentVolumeClaimRetentionPolicy.${when} deletes its volumes`));
}

/** Grafana on a database of its own keeps nothing itself. */
function hasDatabase(template: Tree): boolean {
  return treesAt(template, "spec", "containers")
    .flatMap((container) => treesAt(container, "env"))
    .some((variable) => textAt(variable, "name") === "GF_DATABASE_TYPE" && textAt(variable, "value") !== "sqlite3");
}

function checkClaim(object: KubernetesObject): readonly Violation[] {
  if (object.kind !== "PersistentVolumeClaim" || object.protect) return [];
  return [{ where: whereOf(object), urn: object.urn, what: "the engine may delete it: it is not protected" }];
}
