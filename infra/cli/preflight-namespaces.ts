import { CoreV1Api, type V1Namespace } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import { clusterConfig } from "./preflight-kubernetes.ts";

/** What a namespace says of what it still holds. */
const LEFT = ["NamespaceContentRemaining", "NamespaceFinalizersRemaining", "NamespaceDeletionContentFailure"];

/** Namespaces that a `destroy`, or somebody, is still removing: nothing can be made in them, and all in them goes. */
export async function findLeavingNamespaces(environment: Environment): Promise<readonly Problem[]> {
  const { items } = await clusterConfig(environment).makeApiClient(CoreV1Api).listNamespace();
  return items
    .filter(({ metadata, status }) => isOurs(metadata?.name) && status?.phase === "Terminating")
    .map(toProblem);
}

function isOurs(name = ""): boolean {
  return name === NAMESPACE || name === HOST_NAMESPACE;
}

function toProblem({ metadata, status }: V1Namespace): Problem {
  const name = metadata?.name ?? "";
  const left = (status?.conditions ?? []).filter(({ type, status: value }) => LEFT.includes(type) && value === "True");
  const since = metadata?.deletionTimestamp?.toISOString() ?? "a moment ago";
  return {
    path: `namespace ${name}`,
    expected: "one that stays, or none yet",
    got: [`one that is being removed, since ${since}`, ...left.map(({ message }) => message)].join("; "),
    fix: `wait until it is gone, then run \`up\` again: kubectl wait --for=delete namespace/${name} --timeout=10m`,
  };
}
