import {
  type ApiConstructor,
  ApiException,
  AuthorizationV1Api,
  KubeConfig,
  VersionApi,
  type V1ResourceAttributes,
} from "@kubernetes/client-node";
import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import { findMissingKinds, kindsToWrite } from "./preflight-custom-kinds.ts";

const READ = ["get", "list", "watch"] as const;
const VERBS = [...READ, "create", "patch", "delete"] as const;
/** What is looked at before and after a rollout; and rights an agent gets, which only who has them may hand on. */
const LOOKED_AT = [
  ["", "pods"],
  ["", "events"],
  ["", "persistentvolumeclaims"],
] as const;
const HANDED_ON = [
  ["", "nodes"],
  ["", "pods"],
  ["apps", "replicasets"],
] as const;
const CLUSTER_WIDE = [
  ["", "namespaces"],
  ["scheduling.k8s.io", "priorityclasses"],
  ["rbac.authorization.k8s.io", "clusterroles"],
  ["rbac.authorization.k8s.io", "clusterrolebindings"],
] as const;
const NAMESPACED = [
  ["", "configmaps"],
  ["", "secrets"],
  ["", "services"],
  ["", "serviceaccounts"],
  ["apps", "statefulsets"],
  ["apps", "deployments"],
  ["apps", "daemonsets"],
  ["policy", "poddisruptionbudgets"],
  ["autoscaling", "horizontalpodautoscalers"],
  ["networking.k8s.io", "networkpolicies"],
] as const;
/** What sets make, and `up` changes: it brings volumes to their size. */
const CHANGED: readonly V1ResourceAttributes[] = [
  { verb: "patch", group: "", resource: "persistentvolumeclaims", namespace: NAMESPACE },
];

/**
 * Why the cluster of an environment would refuse it: asked before the engine starts, so that nothing is half made.
 * Reads the kubeconfig as kubectl does (`KUBECONFIG`, else `~/.kube/config`).
 */
export async function findClusterProblems(environment: Environment): Promise<readonly Problem[]> {
  const config = new KubeConfig();
  const unread = readKubeconfig(config, environment);
  if (unread !== undefined) return [unread];
  const unreachable = await findUnreachable(config);
  if (unreachable !== undefined) return [unreachable];
  return [...(await findMissingKinds(config, environment)), ...(await findForbidden(config, environment))];
}

/** The cluster of an environment, as the engine reaches it. */
export function clusterConfig(environment: Environment): KubeConfig {
  const config = new KubeConfig();
  throwIfAny([readKubeconfig(config, environment)].filter((problem) => problem !== undefined));
  return config;
}

function readKubeconfig(config: KubeConfig, { name, kubernetes }: Environment): Problem | undefined {
  const wanted = process.env["KUBECONFIG"];
  try {
    config.loadFromDefault();
  } catch (error) {
    return missingKubeconfig(wanted, String(error instanceof Error ? error.message : error));
  }
  // What the library makes up where there is no file.
  if (config.getCurrentContext() === "loaded-context") return missingKubeconfig(wanted, "no file");
  const contexts = config.getContexts().map((context) => context.name);
  const { context = config.getCurrentContext() } = kubernetes;
  if (contexts.includes(context)) {
    config.setCurrentContext(context);
    return undefined;
  }
  return {
    path: `stacks/Pulumi.${name}.yaml: kubernetes.context`,
    expected: `a context of the kubeconfig: ${contexts.join(", ")}`,
    got: context,
    fix: "correct kubernetes.context, or set KUBECONFIG to the file that has it",
  };
}

function missingKubeconfig(wanted: string | undefined, got: string): Problem {
  return {
    path: wanted === undefined ? "~/.kube/config" : `KUBECONFIG=${wanted}`,
    expected: "a kubeconfig that says where the cluster is",
    got,
    fix: "export KUBECONFIG=<file>; a preview needs none",
  };
}

async function findUnreachable(config: KubeConfig): Promise<Problem | undefined> {
  try {
    await clientOf(config, VersionApi).getCode();
    return undefined;
  } catch (error) {
    return {
      path: `API server ${config.getCurrentCluster()?.server ?? ""} (context ${config.getCurrentContext()})`,
      expected: "an answer",
      got: reasonOf(error),
      fix: "check the address, the network and the credentials: kubectl version",
    };
  }
}

/** Asks the cluster itself what this user may do. */
async function findForbidden(config: KubeConfig, environment: Environment): Promise<readonly Problem[]> {
  const api = clientOf(config, AuthorizationV1Api);
  const reading: readonly V1ResourceAttributes[] = READ.flatMap((verb) => [
    ...[NAMESPACE, HOST_NAMESPACE].flatMap((namespace) =>
      LOOKED_AT.map(([group, resource]) => ({ verb, group, resource, namespace })),
    ),
    ...HANDED_ON.map(([group, resource]) => ({ verb, group, resource })),
  ]);
  const writing: readonly V1ResourceAttributes[] = VERBS.flatMap((verb) => [
    ...CLUSTER_WIDE.map(([group, resource]) => ({ verb, group, resource })),
    ...[NAMESPACE, HOST_NAMESPACE].flatMap((namespace) =>
      NAMESPACED.map(([group, resource]) => ({ verb, group, resource, namespace })),
    ),
    ...kindsToWrite(environment).map((kind) => ({ verb, ...kind })),
  ]);
  const refused = await Promise.all(
    [...reading, ...writing, ...CHANGED].map(async (resourceAttributes) => {
      const { status } = await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
      return status?.allowed === true ? [] : [resourceAttributes];
    }),
  );
  return toProblems(refused.flat(), config.getCurrentUser()?.name ?? "");
}

/** One problem a place, with every verb and kind that is refused there. */
function toProblems(refused: readonly V1ResourceAttributes[], user: string): readonly Problem[] {
  const places = [...new Set(refused.map(({ namespace }) => namespace))];
  return places.map((place) => {
    const here = refused.filter(({ namespace }) => namespace === place);
    const kinds = [...new Set(here.map(({ resource }) => resource))].map((kind) => {
      const verbs = here.filter(({ resource }) => resource === kind).map(({ verb }) => verb);
      return `${kind} (${verbs.join(", ")})`;
    });
    return {
      path: place === undefined ? "the cluster" : `namespace ${place}`,
      expected: "a user that may read, create, patch and delete what the platform is made of",
      got: `${user} may not: ${kinds.join(", ")}`,
      fix: "bind a role with these verbs to the user, or name another context: kubernetes.context",
    };
  });
}

function clientOf<T extends VersionApi | AuthorizationV1Api>(config: KubeConfig, api: ApiConstructor<T>): T {
  return config.makeApiClient(api);
}

function reasonOf(error: unknown): string {
  if (error instanceof ApiException) return `status ${error.code}`;
  const { code, message, cause } = error as { code?: string; message?: string; cause?: unknown };
  return code ?? (cause === undefined ? (message ?? String(error)) : reasonOf(cause));
}
