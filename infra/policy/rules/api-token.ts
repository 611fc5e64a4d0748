import type { KubernetesObject, PolicyRule, Violation } from "../model.ts";
import { at, textAt, treeAt, treesAt } from "../read/known.ts";
import { isPodKind, templateOf, whereOf } from "../read/kubernetes-object.ts";

/** A program that was taken over cannot ask the cluster for anything. */
export const noNeedlessApiToken: PolicyRule = {
  name: "no-needless-api-token",
  description: "Pods get a token of the API server only with a service account that is bound to a role.",
  fix: "set automountServiceAccountToken: false on the pod, or bind its service account to a role",
  check: ({ objects }) => objects.filter(isPodKind).flatMap((object) => checkPod(object, objects)),
};

function checkPod(object: KubernetesObject, objects: readonly KubernetesObject[]): readonly Violation[] {
  const spec = treeAt(templateOf(object), "spec");
  const account = textAt(spec, "serviceAccountName") || "default";
  const stated = objects.find(
    ({ kind, name, namespace }) => kind === "ServiceAccount" && name === account && namespace === object.namespace,
  );
  const mounts = at(spec, "automountServiceAccountToken") ?? at(stated?.body, "automountServiceAccountToken") ?? true;
  if (mounts === false || isBound(account, object.namespace, objects)) return [];
  return [
    { where: whereOf(object), urn: object.urn, what: `gets a token of service account ${account}, which needs none` },
  ];
}

function isBound(account: string, namespace: string, objects: readonly KubernetesObject[]): boolean {
  return objects
    .filter(({ kind }) => kind === "RoleBinding" || kind === "ClusterRoleBinding")
    .some(({ body }) =>
      treesAt(body, "subjects").some(
        (subject) => textAt(subject, "name") === account && textAt(subject, "namespace") === namespace,
      ),
    );
}
