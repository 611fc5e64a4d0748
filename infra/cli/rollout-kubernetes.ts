import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import type { Deployable } from "../deploy/deployable.ts";
import type { Environment } from "../environment/schema.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import { describeUnfinishedEntrance } from "./entrance-kubernetes.ts";
import { clusterConfig } from "./preflight-kubernetes.ts";

const POLL_MS = 2_000;
/** Longest time without any progress, beyond the time to fetch an image. */
const STILL_SECONDS = 120;
/** What no waiting mends, once a node has had its time to fetch the image. */
const HOPELESS =
  /: (ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainerConfigError)\b|exceeded quota|no such object/;

/** A set of pods, and how far it is on its way to what was last asked of it. */
interface Rollout {
  readonly kind: "statefulset" | "deployment" | "daemonset";
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly isSeen: boolean;
  /** Copies of the newest version, and copies that are ready. */
  readonly counts: readonly number[];
  readonly wanted: number;
}

/**
 * What does not run as asked. The engine may take what a set said before a change for its answer, and does not wait for
 * nodes; this asks until each set has seen its newest version and every copy of it is ready. Copies on nodes that are
 * down are left out, and said; so is what others have yet to do for an ingress.
 */
export async function findUnfinishedRollouts(
  environment: Environment,
  deployables: readonly Deployable[],
): Promise<readonly Problem[]> {
  const config = clusterConfig(environment);
  const names = deployables.filter(({ runtime }) => runtime === "kubernetes").map(({ workload }) => workload.name);
  const pullMs = environment.kubernetes.pullSeconds * 1000;
  let progress = "";
  let since = Date.now();
  for (;;) {
    const rollouts = await readRollouts(config);
    const down = await countOnNodesThatAreDown(config, rollouts);
    const waiting = rollouts.filter((one) => !isDone(one, down.get(one.name) ?? 0));
    const absent = names.filter((name) => !rollouts.some((one) => one.name === name));
    if (waiting.length + absent.length === 0) {
      for (const [name, count] of down) console.log(`${name}: ${count} copies are on nodes that are not ready`);
      for (const line of await describeUnfinishedEntrance(config, environment)) console.log(line);
      return [];
    }
    const now = JSON.stringify(rollouts.map(({ counts }) => counts));
    if (now !== progress) since = Date.now();
    progress = now;
    const still = Date.now() - since;
    // Not before: the pods of a thousand nodes are megabytes to ask for.
    if (still > pullMs) {
      const problems = [...absent.map(missing), ...(await Promise.all(waiting.map((one) => toProblem(config, one))))];
      const isHopeless = problems.some(({ got }) => HOPELESS.test(got));
      if (isHopeless || still > pullMs + STILL_SECONDS * 1000) return problems;
    }
    await sleep(POLL_MS);
  }
}

async function readRollouts(config: KubeConfig): Promise<readonly Rollout[]> {
  const api = config.makeApiClient(AppsV1Api);
  const all = await Promise.all(
    [NAMESPACE, HOST_NAMESPACE].map(async (namespace) => {
      const [sets, deployments, daemons] = await Promise.all([
        api.listNamespacedStatefulSet({ namespace }),
        api.listNamespacedDeployment({ namespace }),
        api.listNamespacedDaemonSet({ namespace }),
      ]);
      return [
        ...sets.items.map((set) => {
          const { updatedReplicas = 0, readyReplicas = 0 } = set.status ?? {};
          return toRollout("statefulset", set, set.spec?.replicas ?? 1, [updatedReplicas, readyReplicas]);
        }),
        ...deployments.items.map((set) => {
          // A copy of the old version beside the new one is ready, too: it must have gone.
          const { updatedReplicas = 0, readyReplicas = 0, replicas = 0 } = set.status ?? {};
          const old = replicas - updatedReplicas;
          return toRollout("deployment", set, set.spec?.replicas ?? 1, [updatedReplicas - old, readyReplicas]);
        }),
        ...daemons.items.map((set) => {
          const { updatedNumberScheduled = 0, numberReady = 0, desiredNumberScheduled = 0 } = set.status ?? {};
          return toRollout("daemonset", set, desiredNumberScheduled, [updatedNumberScheduled, numberReady]);
        }),
      ];
    }),
  );
  return all.flat();
}

function toRollout(
  kind: Rollout["kind"],
  { metadata, spec, status }: KubernetesSet,
  wanted: number,
  counts: readonly number[],
): Rollout {
  const { name = "", namespace = "", generation = 0 } = metadata ?? {};
  const isSeen = (status?.observedGeneration ?? 0) >= generation;
  return { kind, name, namespace, selector: spec?.selector.matchLabels ?? {}, isSeen, counts, wanted };
}

/** What the three kinds have in common. */
interface KubernetesSet {
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly generation?: number };
  readonly spec?: { readonly selector: { readonly matchLabels?: Record<string, string> } };
  readonly status?: { readonly observedGeneration?: number };
}

function isDone({ isSeen, counts, wanted }: Rollout, down: number): boolean {
  return isSeen && counts.every((count) => count >= wanted - down);
}

/** By DaemonSet, nodes that should have a copy and are not ready: no deployment mends them. */
async function countOnNodesThatAreDown(
  config: KubeConfig,
  rollouts: readonly Rollout[],
): Promise<ReadonlyMap<string, number>> {
  const daemons = rollouts.filter((one) => one.kind === "daemonset" && !isDone(one, 0));
  if (daemons.length === 0) return new Map();
  const api = config.makeApiClient(CoreV1Api);
  const nodes = await api.listNode();
  const down = new Set(
    nodes.items
      .filter(
        ({ status }) => !status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
      )
      .map(({ metadata }) => metadata?.name),
  );
  if (down.size === 0) return new Map();
  const counted = await Promise.all(
    daemons.map(async ({ name, namespace, selector }) => {
      const { items } = await api.listNamespacedPod({ namespace, labelSelector: toText(selector) });
      return [name, items.filter(({ spec }) => down.has(spec?.nodeName)).length] as const;
    }),
  );
  return new Map(counted.filter(([, count]) => count > 0));
}

async function toProblem(config: KubeConfig, { kind, name, namespace, selector }: Rollout): Promise<Problem> {
  const api = config.makeApiClient(CoreV1Api);
  const [{ items }, events] = await Promise.all([
    api.listNamespacedPod({ namespace, labelSelector: toText(selector) }),
    api.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name}` }),
  ]);
  // What kept a pod from being made at all: a quota, an admission rule.
  const refused = events.items.filter(({ reason }) => reason === "FailedCreate").map(({ message = "" }) => message);
  const reasons = [...new Set([...items.flatMap(reasonsOf), ...refused.slice(-1)])];
  return {
    path: `${kind} ${namespace}/${name}`,
    expected: "every copy ready, of the version asked for",
    got: reasons.length === 0 ? "copies that are missing or not ready" : reasons.slice(0, 5).join("; "),
    fix: `mend the stack and run \`up\` again; see kubectl -n ${namespace} describe ${kind} ${name}`,
  };
}

function missing(name: string): Problem {
  return {
    path: `workload ${name}`,
    expected: "a set of pods in the cluster",
    got: "no such object: somebody removed it, or this is another cluster",
    fix: "check kubernetes.context, then run `up` again",
  };
}

function toText(selector: Rollout["selector"]): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

/** Why a pod is not ready, in the words of kubelet or the scheduler. */
function reasonsOf({ metadata, status }: V1Pod): readonly string[] {
  const waiting = (status?.containerStatuses ?? []).flatMap(({ state }) => {
    const { reason, message } = state?.waiting ?? {};
    return reason === undefined ? [] : [`${metadata?.name}: ${reason}${message === undefined ? "" : `: ${message}`}`];
  });
  const unscheduled = (status?.conditions ?? []).flatMap(({ type, status: value, message }) =>
    type === "PodScheduled" && value === "False" ? [`${metadata?.name}: ${message ?? "not scheduled"}`] : [],
  );
  return [...waiting, ...unscheduled];
}
