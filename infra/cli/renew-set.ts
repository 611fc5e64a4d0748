import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  type AppsV1Api,
  type CoreV1Api,
  PatchStrategy,
  setHeaderOptions,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import type { WantedClaim } from "../../components/runtime/kubernetes/volume-sizes.ts";
import { NAMESPACE } from "../topology/place.ts";
import { messageOf } from "./api-message.ts";
import type { StateResource } from "./engine.ts";
import { appliersOf, isForeign } from "./foreign-sets.ts";
import { forgetSet, noteName, noteSet, readNotedSets } from "./noted-sets.ts";
import { uninterrupted } from "./uninterrupted.ts";

const GONE_SECONDS = 60;
/** How long an API server may be away while a set's pods have no controller. */
const AWAY_SECONDS = 60;
/** How the engine's Kubernetes plugin calls itself, followed by a number. */
const ENGINE = "pulumi-kubernetes";

/** The parts of a cluster's API that are asked here. */
export interface SetApis {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
}

/**
 * Removes a set without its pods, and makes it again as it was last seen but for its claims; it takes its pods up again.
 * They have no controller in between, so neither a signal nor an API server that is away for a moment ends it there; of
 * a process that is killed there, {@link restoreSets} makes good what it left.
 *
 * @throws {ConfigError} when the API server refuses the new set
 */
export async function renewSet(apis: SetApis, set: V1StatefulSet, wanted: readonly WantedClaim[]): Promise<void> {
  const { apps, core } = apis;
  await uninterrupted(async () => {
    await noteSet(core, (await findSet(apps, set)) ?? set);
    await removeSet(apps, set);
    await makeSet(apps, await lastSeen(apps, set), wanted);
    await persistently(() => forgetSet(core, set));
  });
}

/**
 * Makes the sets again that an `up` removed and was killed before it made: with the copies they had, where the engine
 * would make as few as the stack file says and so end those that Kubernetes had added. Sets of another environment's
 * state are left to that one.
 *
 * @param readState - what the engine remembers of the environment; asked only where there is a set to make
 * @throws {ConfigError} when the API server refuses a set
 */
export async function restoreSets(
  { apps, core }: SetApis,
  readState: () => Promise<readonly StateResource[]>,
): Promise<void> {
  const noted = await readNotedSets(core);
  if (noted.length === 0) return;
  const resources = await readState();
  for (const note of noted) {
    if (isForeign(note, resources)) {
      console.log(
        `${note.metadata?.name} with ${note.spec?.replicas} copies was noted by somebody this environment does not know, and is let be; if its state was lost: kubectl -n ${NAMESPACE} delete configmap ${noteName(note)}`,
      );
      continue;
    }
    await uninterrupted(async () => {
      const found = await findSet(apps, note);
      const isLeaving = found?.metadata?.deletionTimestamp !== undefined;
      if (found === undefined || isLeaving) {
        const set = found === undefined ? note : await lastSeen(apps, found);
        await makeSet(apps, set, []);
        const { metadata, spec } = set;
        console.log(
          `${metadata?.name}: made again around its ${spec?.replicas} pods, which an \`up\` that was killed had left alone`,
        );
      }
      await persistently(() => forgetSet(core, note));
    });
  }
}

async function removeSet(api: AppsV1Api, { metadata }: V1StatefulSet): Promise<void> {
  const { name = "", uid } = metadata ?? {};
  const body = { propagationPolicy: "Orphan", preconditions: uid === undefined ? {} : { uid } };
  try {
    await persistently(() => api.deleteNamespacedStatefulSet({ name, namespace: NAMESPACE, body }));
  } catch (error) {
    // Removed by the first of two requests, whose answer never came.
    if (!(error instanceof ApiException) || error.code !== 404) throw error;
  }
}

async function makeSet(api: AppsV1Api, set: V1StatefulSet, wanted: readonly WantedClaim[]): Promise<void> {
  const { name = "", labels = {}, annotations = {} } = set.metadata ?? {};
  const body = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: NAMESPACE, labels, annotations },
    spec: { ...set.spec, volumeClaimTemplates: templatesOf(set, wanted) },
  };
  const options = setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply);
  const request = { name, namespace: NAMESPACE, body, fieldManager: managerOf(set), force: true };
  try {
    await persistently(() => api.patchNamespacedStatefulSet(request, options));
  } catch (error) {
    if (error instanceof ApiException) throwIfAny([refused(name, error)]);
    throw error;
  }
}

/** The engine: what it applied stays its own to change, whoever else has applied something. */
function managerOf(set: V1StatefulSet): string {
  const managers = appliersOf(set);
  return managers.find((manager) => manager.startsWith(ENGINE)) ?? managers[0] ?? "gpu-observability";
}

function refused(name: string, error: ApiException<unknown>): Problem {
  return {
    path: `statefulset ${NAMESPACE}/${name}`,
    expected: "to be made again around its running pods",
    got: messageOf(error),
    fix: `its pods run on, and nothing replaces one that ends: mend what it says and run \`up\` again, which makes it as it was; to have it made of the stack file, first: kubectl -n ${NAMESPACE} delete configmap ${noteName({ metadata: { name } })}`,
  };
}

/** Asks again while the API server gives no answer, or cannot. */
async function persistently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + AWAY_SECONDS * 1000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAnswer = error instanceof ApiException && error.code < 500 && error.code !== 429;
      if (isAnswer || Date.now() > deadline) throw error;
    }
    await sleep(500);
  }
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

/** The set as it was when it went: until then Kubernetes may have raised its copies. */
async function lastSeen(api: AppsV1Api, set: V1StatefulSet): Promise<V1StatefulSet> {
  const { name = "", uid } = set.metadata ?? {};
  const deadline = Date.now() + GONE_SECONDS * 1000;
  let last = set;
  for (;;) {
    const found = await findSet(api, set);
    if (found === undefined || found.metadata?.uid !== uid) return last;
    last = found;
    if (Date.now() > deadline) {
      throw new Error(`${name} is not gone after ${GONE_SECONDS} s; its pods run on: run \`up\` again`);
    }
    await sleep(100);
  }
}

async function findSet(api: AppsV1Api, { metadata }: V1StatefulSet): Promise<V1StatefulSet | undefined> {
  const { items } = await persistently(() => api.listNamespacedStatefulSet({ namespace: NAMESPACE }));
  return items.find((one) => one.metadata?.name === metadata?.name);
}
