import {
  ApiException,
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { NAMESPACE } from "../topology/place.ts";

const LABEL = "gpu-observability/noted";
const KIND = "statefulset";
const KEY = "set.json";

/** Keeps what a set is in the cluster, for as long as there is no set: whoever is to make it again may be killed. */
export async function noteSet(core: CoreV1Api, set: V1StatefulSet): Promise<void> {
  const name = noteName(set);
  const body = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: NAMESPACE, labels: { [LABEL]: KIND } },
    data: { [KEY]: JSON.stringify(withoutTrimmings(set)) },
  };
  const options = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply);
  const request = { name, namespace: NAMESPACE, body, fieldManager: "gpu-observability", force: true };
  await core.patchNamespacedConfigMap(request, options);
}

/** Sets that were noted and not forgotten: who was to make them again did not come to it. */
export async function readNotedSets(core: CoreV1Api): Promise<readonly V1StatefulSet[]> {
  const { items } = await core.listNamespacedConfigMap({ namespace: NAMESPACE, labelSelector: `${LABEL}=${KIND}` });
  return items.map(({ data }) => JSON.parse(data?.[KEY] ?? "{}") as V1StatefulSet);
}

export async function forgetSet(core: CoreV1Api, set: V1StatefulSet): Promise<void> {
  try {
    await core.deleteNamespacedConfigMap({ name: noteName(set), namespace: NAMESPACE });
  } catch (error) {
    if (!(error instanceof ApiException) || error.code !== 404) throw error;
  }
}

/** Name of the ConfigMap that holds it. */
export function noteName({ metadata }: V1StatefulSet): string {
  return `${metadata?.name ?? ""}-noted`;
}

/** Without its status, and without the fields of each who applied it: they are longer than all else. */
function withoutTrimmings({ metadata, spec }: V1StatefulSet): object {
  const { name, uid, labels, annotations, managedFields = [] } = metadata ?? {};
  const applied = managedFields.map(({ manager, operation, subresource }) => ({ manager, operation, subresource }));
  return { metadata: { name, uid, labels, annotations, managedFields: applied }, spec };
}
