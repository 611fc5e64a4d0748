import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import { clusterConfig } from "./preflight-kubernetes.ts";

const POLL_MS = 2_000;
/** Beyond the time to fetch images: copies stop and start one after the other. */
const ROLL_SECONDS = 120;

/** What no waiting mends, once a node has had its time to fetch the image. */
const HOPELESS = /: (ErrImagePull|ImagePullBackOff|InvalidImageName|CreateContainerConfigError)\b|exceeded quota/;

/** A set of pods and whether it runs what was last asked of it. */
interface Rollout {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly isDone: boolean;
}

/**
 * What does not run as asked. The engine waits for a changed set as well, but may take what the set said before the
 * change for its answer; this asks until each set has seen its newest version and every copy of it is ready.
 */
export async function findUnfinishedRollouts(environment: Environment): Promise<readonly Problem[]> {
  const config = clusterConfig(environment);
  const begin = Date.now();
  const pullMs = environment.kubernetes.pullSeconds * 1000;
  for (;;) {
    const waiting = await unfinished(config);
    if (waiting.length === 0) return [];
    const waited = Date.now() - begin;
    const problems = await Promise.all(waiting.map((rollout) => toProblem(config, rollout)));
    const isHopeless = problems.some(({ got }) => HOPELESS.test(got));
    if (waited > pullMs + ROLL_SECONDS * 1000 || (isHopeless && waited > pullMs)) return problems;
    await sleep(POLL_MS);
  }
}

async function unfinished(config: KubeConfig): Promise<readonly Rollout[]> {
  const api = config.makeApiClient(AppsV1Api);
  const all = await Promise.all(
    [NAMESPACE, HOST_NAMESPACE].map(async (namespace) => {
      const [sets, deployments, daemons] = await Promise.all([
        api.listNamespacedStatefulSet({ namespace }),
        api.listNamespacedDeployment({ namespace }),
        api.listNamespacedDaemonSet({ namespace }),
      ]);
      return [
        ...[...sets.items, ...deployments.items].map(({ kind, metadata, spec, status }) => {
          const wanted = spec?.replicas ?? 1;
          const counts = [status?.updatedReplicas, status?.readyReplicas];
          const kindOf = kind ?? ("serviceName" in (spec ?? {}) ? "statefulset" : "deployment");
          return toRollout(kindOf, metadata, spec?.selector, status, wanted, counts);
        }),
        ...daemons.items.map(({ metadata, spec, status }) => {
          const counts = [status?.updatedNumberScheduled, status?.numberReady];
          return toRollout("daemonset", metadata, spec?.selector, status, status?.desiredNumberScheduled ?? 0, counts);
        }),
      ];
    }),
  );
  return all.flat().filter(({ isDone }) => !isDone);
}

function toRollout(
  kind: string,
  metadata: { readonly name?: string; readonly namespace?: string; readonly generation?: number } | undefined,
  selector: { readonly matchLabels?: Record<string, string> } | undefined,
  status: { readonly observedGeneration?: number } | undefined,
  wanted: number,
  counts: readonly (number | undefined)[],
): Rollout {
  const { name = "", namespace = "", generation = 0 } = metadata ?? {};
  const seen = (status?.observedGeneration ?? 0) >= generation;
  const isDone = seen && counts.every((count = 0) => count >= wanted);
  return { kind, name, namespace, selector: selector?.matchLabels ?? {}, isDone };
}

async function toProblem(config: KubeConfig, { kind, name, namespace, selector }: Rollout): Promise<Problem> {
  const labelSelector = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const api = config.makeApiClient(CoreV1Api);
  const [{ items }, events] = await Promise.all([
    api.listNamespacedPod({ namespace, labelSelector }),
    api.listNamespacedEvent({ namespace, fieldSelector: `involvedObject.name=${name}` }),
  ]);
  // What kept a pod from being made at all: a quota, an admission rule.
  const refused = events.items.filter(({ reason }) => reason === "FailedCreate").map(({ message = "" }) => message);
  const reasons = [...new Set([...items.flatMap(reasonsOf), ...refused.slice(-1)])];
  return {
    path: `${kind} ${namespace}/${name}`,
    expected: "every copy ready, of the version asked for",
    got: reasons.length === 0 ? "copies that are missing or not ready" : reasons.join("; "),
    fix: `mend the stack and run \`up\` again; see kubectl -n ${namespace} describe ${kind} ${name}`,
  };
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
