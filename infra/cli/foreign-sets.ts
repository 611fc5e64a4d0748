import type { V1StatefulSet } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import { NAMESPACE } from "../topology/place.ts";
import type { StateResource } from "./engine.ts";

/**
 * Sets that this environment's state knows nothing of: the cluster is another environment's, or the state is lost. The
 * engine would refuse to change them, since each state applies under a name of its own; what changes them beside the
 * engine asks here.
 *
 * @param resources - what the engine remembers of the environment
 * @param context - the cluster's name in the kubeconfig
 */
export function findForeignSets(
  sets: readonly V1StatefulSet[],
  resources: readonly StateResource[],
  context: string,
): readonly Problem[] {
  const foreign = sets.filter((set) => isForeign(set, resources));
  if (foreign.length === 0) return [];
  return [
    {
      path: `statefulsets of ${NAMESPACE}: ${foreign.map(({ metadata }) => metadata?.name).join(", ")}`,
      expected: "sets that this environment's state knows, before their volumes are changed",
      got: `sets applied by ${[...new Set(foreign.flatMap(appliersOf))].join(", ") || "nobody it knows"}`,
      fix: `check that context ${context} is this environment's cluster (kubernetes.context); where its state was lost, see Restore in infra/runbooks/lifecycle.md`,
    },
  ];
}

/** Whether an environment's state knows nothing of a set. */
export function isForeign(set: V1StatefulSet, resources: readonly StateResource[]): boolean {
  const own = new Set(resources.map(({ outputs }) => outputs?.["__fieldManager"]));
  return !appliersOf(set).some((manager) => own.has(manager));
}

/** Who has applied a set, by the names they gave. */
export function appliersOf({ metadata }: V1StatefulSet): readonly string[] {
  return (metadata?.managedFields ?? [])
    .filter(({ operation, subresource }) => operation === "Apply" && !subresource)
    .map(({ manager = "" }) => manager);
}
