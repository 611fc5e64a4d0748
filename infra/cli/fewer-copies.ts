import { type AppsV1Api, PatchStrategy, setHeaderOptions, type V1StatefulSet } from "@kubernetes/client-node";
import type { Problem } from "../../components/core/errors.ts";
import { copiesLeft, isAutoscaled } from "../../components/runtime/kubernetes/horizontal-pod-autoscaler.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { NAMESPACE } from "../topology/place.ts";
import type { StateResource } from "./engine.ts";
import { isForeign } from "./foreign-sets.ts";

/** What a copy keeps that no other has and nobody reads while it is away. */
const QUEUE = "queue";
/** Where those who raise or lower the copies of a set do so. */
const SCALE = "scale";

/**
 * Gateways that an environment would end although they may hold what is not sent yet: it waits on a volume that nobody
 * reads. Fewer copies are therefore asked of Kubernetes by a person, who has looked; then there is no more to refuse.
 */
export function findQueuesLeftBehind(
  workloads: readonly Workload[],
  sets: readonly V1StatefulSet[],
  place: Place,
): readonly Problem[] {
  return workloads
    .filter(({ hostAccess, volumes }) => hostAccess === undefined && volumes.some(({ name }) => name === QUEUE))
    .flatMap((workload) => {
      const running = sets.find(({ metadata }) => metadata?.name === workload.name)?.spec?.replicas ?? 0;
      const left = copiesLeft(workload, running);
      return left < running ? [toProblem(workload, { running, left }, place)] : [];
    });
}

/** Whose gateways they are, and the kubeconfig's name of the cluster they are in. */
interface Place {
  readonly stack: string;
  readonly context: string;
}

function toProblem(workload: Workload, copies: { running: number; left: number }, { stack, context }: Place): Problem {
  const { name } = workload;
  const { running, left } = copies;
  const ended = Array.from({ length: running - left }, (_, index) => `${name}-${left + index}`);
  const key = isAutoscaled(workload) ? "gateways.maxCount" : "gateways.count";
  // The most may not be below the least.
  const keys = workload.maxReplicas === undefined || isAutoscaled(workload) ? key : `${key} and gateways.maxCount`;
  const asked = `otelcol_exporter_queue_size{job="${name}",instance=~"(${ended.join("|")}).*"}`;
  // An autoscaler of before would raise them to its own least again; `up` makes the one that is wanted.
  const commands = [`delete hpa ${name} --ignore-not-found`, `scale statefulset ${name} --replicas=${left}`];
  const end = commands.map((command) => `kubectl --context ${context} -n ${NAMESPACE} ${command}`).join(" && ");
  return {
    path: `stacks/Pulumi.${stack}.yaml: ${key}`,
    expected: `at least the ${running} copies that run: what ${ended.join(", ")} have not sent yet would wait on their volumes for them to come back`,
    got: String(left),
    fix: `set ${keys} to ${running}; or, once ${asked} shows 0 (Grafana, Explore; no data is not 0): ${end}, then run \`up\` again`,
  };
}

/**
 * Has the engine decide again how many copies a set has, where a person or an autoscaler of before has scaled it: the
 * API server would refuse another number than theirs as a conflict. Sets of another environment's state are let be.
 *
 * @param readState - what the engine remembers of the environment; asked only where a set was scaled
 */
export async function takeBackCopies(
  api: AppsV1Api,
  workloads: readonly Workload[],
  sets: readonly V1StatefulSet[],
  readState: () => Promise<readonly StateResource[]>,
): Promise<void> {
  const decided = workloads.filter((workload) => !isAutoscaled(workload)).map(({ name }) => name);
  const scaled = sets.filter((set) => decided.includes(set.metadata?.name ?? "") && isScaled(set));
  if (scaled.length === 0) return;
  const resources = await readState();
  for (const { metadata } of scaled.filter((set) => !isForeign(set, resources))) {
    const managedFields = metadata?.managedFields?.filter(({ subresource }) => subresource !== SCALE);
    await api.patchNamespacedStatefulSet(
      { name: metadata?.name ?? "", namespace: NAMESPACE, body: { metadata: { managedFields } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }
}

/** Whether somebody has scaled it beside the engine. */
function isScaled({ metadata }: V1StatefulSet): boolean {
  return (metadata?.managedFields ?? []).some(({ subresource }) => subresource === SCALE);
}
