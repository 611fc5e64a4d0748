import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEnvironment } from "../../infra/environment/load.ts";
import { secretsNeededBy } from "../../infra/environment/rules.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../../infra/topology/place.ts";
import type { KubeObject } from "../support/cluster/api.ts";
import { Cluster, isReady } from "../support/cluster/cluster.ts";
import { TestEnvironment } from "../support/test-environment.ts";
import { BareProject } from "./bare-project.ts";

/** Backends and gateways spread over these; the same in every round. */
const CPU_NODES = 3;
const POOL = "hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]";

/** What staging came to on a cluster with so many GPU nodes. */
export interface Round {
  /** Resources in the engine's state, components and providers too. */
  readonly resources: number;
  /** Ready pods of agents and exporters on GPU nodes. */
  readonly podsOnGpuNodes: number;
  /** The same on other nodes, not ready, or a second one of its kind on its node; or a node without its own. */
  readonly podsAmiss: number;
  readonly upSeconds: number;
  /** Of `upSeconds`, what the engine says that it took. */
  readonly upEngineSeconds: number;
  readonly unchangedUpSeconds: number;
  readonly previewSeconds: number;
  readonly bareUpSeconds: number;
  readonly bareUnchangedUpSeconds: number;
  readonly barePreviewSeconds: number;
}

type Say = (line: string) => void;

/** One cluster of its own, so that no round is slowed by what another has left behind. */
export async function measure(gpuNodes: number, say: Say): Promise<Round> {
  say(`${gpuNodes} GPU nodes: starting a cluster`);
  const cluster = await Cluster.start();
  const overrides = [POOL, "kubernetes.keepData=false"];
  const environment = new TestEnvironment("staging", { overrides, env: { KUBECONFIG: cluster.kubeconfig } });
  try {
    await cluster.addNodes(CPU_NODES, { gpu: false });
    const nodes = await cluster.addNodes(gpuNodes, { gpu: true, tainted: true });
    for (const name of secretsNeededBy(readEnvironment(PROJECT_ROOT, "staging"))) {
      await environment.secret(name, `value-of-${name}`);
    }
    say(`${gpuNodes} GPU nodes: staging`);
    const created = await run(environment, "up");
    const pods = await countPods(cluster, nodes);
    const stack = {
      resources: countResources(environment),
      ...pods,
      upSeconds: created.seconds,
      upEngineSeconds: engineSeconds(created.output),
      unchangedUpSeconds: (await run(environment, "up")).seconds,
      previewSeconds: (await run(environment, "preview")).seconds,
    };
    say(`${gpuNodes} GPU nodes: as many ConfigMaps`);
    return { ...stack, ...(await measureBare(stack.resources, cluster.kubeconfig)) };
  } finally {
    environment.removeFolder();
    await cluster.stop();
  }
}

async function measureBare(resources: number, kubeconfig: string) {
  // The stack itself and its provider are resources too.
  const project = await BareProject.create(resources - 2, kubeconfig);
  try {
    return {
      bareUpSeconds: await project.up(),
      bareUnchangedUpSeconds: await project.up(),
      barePreviewSeconds: await project.preview(),
    };
  } finally {
    project.remove();
  }
}

async function run(environment: TestEnvironment, command: "up" | "preview") {
  const ran = await environment.run(command);
  if (ran.code !== 0) throw new Error(`${command} failed:\n${ran.output.slice(-3000)}`);
  return ran;
}

async function countPods(cluster: Cluster, gpuNodes: readonly string[]) {
  const [pods, backends, sets] = await Promise.all([
    cluster.api.list(`/api/v1/namespaces/${HOST_NAMESPACE}/pods`),
    cluster.api.list(`/api/v1/namespaces/${NAMESPACE}/pods`),
    cluster.api.list(`/apis/apps/v1/namespaces/${HOST_NAMESPACE}/daemonsets`),
  ]);
  const wanted = new Set(sets.flatMap(({ metadata }) => gpuNodes.map((node) => `${metadata.name} ${node}`)));
  const right = new Set(
    pods
      .filter(isReady)
      .map(placeOf)
      .filter((place) => wanted.has(place)),
  );
  const astray = backends.filter((pod) => gpuNodes.includes(nodeOf(pod))).length;
  return { podsOnGpuNodes: right.size, podsAmiss: pods.length - right.size + (wanted.size - right.size) + astray };
}

const nodeOf = (pod: KubeObject): string => (pod["spec"] as { readonly nodeName?: string }).nodeName ?? "";
const placeOf = (pod: KubeObject): string =>
  `${pod.metadata.labels?.["app.kubernetes.io/instance"] ?? ""} ${nodeOf(pod)}`;

function countResources({ folder }: TestEnvironment): number {
  const text = readFileSync(join(folder, ".pulumi/stacks/gpu-observability/staging.json"), "utf8");
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: readonly unknown[] } } };
  return checkpoint.latest.resources.length;
}

/** `Duration: 1m12s` at the end of what the engine prints. */
function engineSeconds(output: string): number {
  const [, minutes = "0", seconds = "0"] = /^\s*Duration:\s+(?:(\d+)m)?(\d+)s/m.exec(output) ?? [];
  return Number(minutes) * 60 + Number(seconds);
}
