import type { Workload } from "../workload.ts";
import type { Scope } from "./scope.ts";
import type { Role, RoleBinding } from "./types.ts";

const RBAC = "rbac.authorization.k8s.io";
const READ = ["get", "list", "watch"];

/** Which pods run on its node, and which Deployment a pod's ReplicaSet belongs to. */
const POD_NAMES = [
  { apiGroups: [""], resources: ["pods"], verbs: READ },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: READ },
];

/** Whether a workload asks the API server anything. */
export function needsApi({ hostAccess }: Pick<Workload, "hostAccess">): boolean {
  return hostAccess?.podNames === true;
}

/** What a workload may ask the API server; pods of every namespace run on a node, so it is the cluster's. */
export function renderRoles(scope: Scope) {
  const { workload, namespace, labels } = scope;
  if (!needsApi(workload)) return [];
  const name = `gpu-observability-${workload.name}`;
  const metadata = { name, labels };
  const role = { apiVersion: `${RBAC}/v1`, kind: "ClusterRole", metadata, rules: POD_NAMES } satisfies Role;
  const binding = {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name: workload.name, namespace }],
  } satisfies RoleBinding;
  return [role, binding];
}
