import { ApiException, CustomObjectsApi, type KubeConfig, type V1ResourceAttributes } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import { type CustomKind, customKindsOf } from "../environment/custom-kinds.ts";
import type { Environment } from "../environment/schema.ts";
import { NAMESPACE } from "../topology/place.ts";

const NOT_FOUND = 404;

/** Every custom kind that the cluster has not, each named with the key that asks for it. */
export async function findMissingKinds(config: KubeConfig, environment: Environment): Promise<readonly Problem[]> {
  const api = config.makeApiClient(CustomObjectsApi);
  const found = await Promise.all(customKindsOf(environment).map((kind) => findMissing(api, environment, kind)));
  return found.filter((problem) => problem !== undefined);
}

async function findMissing(
  api: CustomObjectsApi,
  { name }: Environment,
  { group, version, kind, because, fix }: CustomKind,
): Promise<Problem | undefined> {
  const problem = (got: string): Problem => ({
    path: `stacks/Pulumi.${name}.yaml: ${because}`,
    expected: `a cluster that knows the kind ${kind} of ${group}/${version}`,
    got,
    fix,
  });
  try {
    const { resources } = await api.getAPIResources({ group, version });
    if (resources.some((resource) => resource.kind === kind)) return undefined;
    return problem(`no such kind among those of ${group}/${version}`);
  } catch (error) {
    if (!(error instanceof ApiException)) throw error;
    return problem(
      error.code === NOT_FOUND ? `no such kind: ${group}/${version} is not installed` : `status ${error.code}`,
    );
  }
}

/** Rights it takes to make what an operator's cluster has beside the kinds of every cluster. */
export function kindsToWrite(environment: Environment): readonly V1ResourceAttributes[] {
  const { ingress } = environment.kubernetes;
  return [
    ...(ingress === undefined ? [] : [{ group: "networking.k8s.io", resource: "ingresses", namespace: NAMESPACE }]),
    ...customKindsOf(environment).map(({ group, resource, namespace = NAMESPACE }) => ({ group, resource, namespace })),
  ];
}
