import { readFileSync } from "node:fs";
import { join } from "node:path";
import { renderFoundation, renderManifests } from "../../components/runtime/kubernetes/manifests.ts";
import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { unavailablePrograms } from "../../infra/cli/unavailable.ts";
import { planKubernetes } from "../../infra/deploy/kubernetes.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { secretsNeededBy } from "../../infra/environment/rules.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../../infra/topology/place.ts";
import type { KubeObject } from "../support/cluster/api.ts";
import { Cluster, isReady } from "../support/cluster/cluster.ts";
import { TestEnvironment } from "../support/test-environment.ts";
import { BareProject } from "./bare-project.ts";

/** Backends and gateways spread over these; the same in every round. */
const CPU_NODES = 3;
const OVERRIDES = ["hosts=[{ name: gpu-nodes, runtime: kubernetes, gpus: 8 }]", "kubernetes.keepData=false"];

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
  /** Without the policy pack: what judging costs is the difference. */
  readonly unjudgedBarePreviewSeconds: number;
}

type Say = (line: string) => void;

/** Clusters of its own, so that nothing is slowed by what another has left behind. */
export async function measure(gpuNodes: number, say: Say): Promise<Round> {
  const stack = await onCluster(gpuNodes, say, async (cluster, nodes) => {
    say(`${gpuNodes} GPU nodes: staging`);
    return measureStack(cluster, nodes);
  });
  return onCluster(gpuNodes, say, async (cluster, nodes) => {
    say(`${gpuNodes} GPU nodes: the same objects, bare`);
    return { ...stack, ...(await measureBare(stack, cluster, nodes)) };
  });
}

type Nodes = readonly string[];

async function onCluster<T>(gpuNodes: number, say: Say, use: (cluster: Cluster, nodes: Nodes) => Promise<T>) {
  say(`${gpuNodes} GPU nodes: starting a cluster`);
  const cluster = await Cluster.start();
  try {
    await cluster.addNodes(CPU_NODES, { gpu: false });
    return await use(cluster, await cluster.addNodes(gpuNodes, { gpu: true, tainted: true }));
  } finally {
    await cluster.stop();
  }
}

async function measureStack(cluster: Cluster, nodes: Nodes) {
  const environment = new TestEnvironment("staging", { overrides: OVERRIDES, env: { KUBECONFIG: cluster.kubeconfig } });
  try {
    for (const name of secretsNeededBy(readEnvironment(PROJECT_ROOT, "staging"))) {
      await environment.secret(name, `value-of-${name}`);
    }
    const created = await run(environment, "up");
    return {
      resources: countResources(environment),
      ...(await countPods(cluster, nodes)),
      upSeconds: created.seconds,
      upEngineSeconds: engineSeconds(created.output),
      unchangedUpSeconds: (await run(environment, "up")).seconds,
      previewSeconds: (await run(environment, "preview")).seconds,
    };
  } finally {
    environment.removeFolder();
  }
}

/** What staging makes, with placeholders for secrets, and ConfigMaps for what it makes outside of the cluster. */
function bareObjects(resources: number): readonly object[] {
  const topology = planTopology(withOverrides(), unavailablePrograms());
  const settings = planKubernetes(topology);
  const workloads = planDeployables(topology).map(({ workload }) => workload);
  const objects = [...renderFoundation(settings), ...workloads.flatMap((one) => renderManifests(one, settings))];
  // The stack itself and its provider are resources too.
  const more = Array.from({ length: resources - 2 - objects.length }, (_, index) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `bare-${index}`, namespace: "default" },
    data: { index: String(index) },
  }));
  return [...objects, ...more];
}

const withOverrides = () => parseEnvironment(["staging", ...OVERRIDES.flatMap((value) => ["--set", value])]);

/** In the same time as `npm run up`: until the last pod is ready, which the engine does not wait for. */
async function measureBare({ resources, podsOnGpuNodes }: Counted, cluster: Cluster, nodes: Nodes) {
  const project = await BareProject.create(bareObjects(resources), cluster.kubeconfig);
  try {
    const started = performance.now();
    await project.up();
    await cluster.waitFor("the pods of the bare objects", 600, async () => {
      const { podsOnGpuNodes: ready, podsAmiss } = await countPods(cluster, nodes);
      return ready === podsOnGpuNodes && podsAmiss === 0;
    });
    return {
      bareUpSeconds: (performance.now() - started) / 1000,
      bareUnchangedUpSeconds: await project.up(),
      barePreviewSeconds: await project.preview({ judged: true }),
      unjudgedBarePreviewSeconds: await project.preview({ judged: false }),
    };
  } finally {
    project.remove();
  }
}

type Counted = Pick<Round, "resources" | "podsOnGpuNodes">;

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
