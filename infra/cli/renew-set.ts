import { setTimeout as sleep } from "node:timers/promises";
import { type AppsV1Api, PatchStrategy, setHeaderOptions, type V1StatefulSet } from "@kubernetes/client-node";
import type { WantedClaim } from "../../components/runtime/kubernetes/volume-sizes.ts";
import { NAMESPACE } from "../topology/place.ts";

const GONE_SECONDS = 60;

/** Removes a set without its pods, and makes it again as it was but for its claims; it takes its pods up again. */
export async function renewSet(api: AppsV1Api, set: V1StatefulSet, wanted: readonly WantedClaim[]): Promise<void> {
  const { name = "", labels = {}, annotations = {}, uid, managedFields = [] } = set.metadata ?? {};
  const body = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: NAMESPACE, labels, annotations },
    spec: { ...set.spec, volumeClaimTemplates: templatesOf(set, wanted) },
  };
  await api.deleteNamespacedStatefulSet({
    name,
    namespace: NAMESPACE,
    body: { propagationPolicy: "Orphan", preconditions: uid === undefined ? {} : { uid } },
  });
  await untilGone(api, name, uid);
  // In the engine's name: what it applied stays its own to change.
  const fieldManager = managedFields.find(
    ({ operation, subresource }) => operation === "Apply" && !subresource,
  )?.manager;
  await api.patchNamespacedStatefulSet(
    { name, namespace: NAMESPACE, body, fieldManager: fieldManager ?? "gpu-observability", force: true },
    setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
  );
}

/** The templates of a set, with the size and class that are wanted. */
function templatesOf(set: V1StatefulSet, wanted: readonly WantedClaim[]) {
  return (set.spec?.volumeClaimTemplates ?? []).map(({ metadata, spec }) => {
    const one = wanted.find((claim) => claim.set === set.metadata?.name && claim.template === metadata?.name);
    const { storageClassName: before, ...rest } = spec ?? {};
    const storageClassName = one === undefined ? before : one.storageClass;
    return {
      metadata: { name: metadata?.name ?? "", labels: metadata?.labels ?? {} },
      spec: {
        ...rest,
        ...(storageClassName === undefined ? {} : { storageClassName }),
        ...(one === undefined ? {} : { resources: { requests: { storage: `${one.sizeMiB}Mi` } } }),
      },
    };
  });
}

async function untilGone(api: AppsV1Api, name: string, uid: string | undefined): Promise<void> {
  const deadline = Date.now() + GONE_SECONDS * 1000;
  for (;;) {
    const { items } = await api.listNamespacedStatefulSet({ namespace: NAMESPACE });
    if (!items.some(({ metadata }) => metadata?.name === name && metadata.uid === uid)) return;
    if (Date.now() > deadline) {
      throw new Error(`${name} is not gone after ${GONE_SECONDS} s; its pods run on: run \`up\` again`);
    }
    await sleep(100);
  }
}
