import type { HostRuntime } from "../../components/runtime/host-runtime.ts";
import type { Runtime, SecretValues } from "../../components/runtime/runtime.ts";
import { stateFolder } from "../cli/folders.ts";
import type { RuntimeName, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";
import { planDocker } from "./docker.ts";
import { planKubernetes } from "./kubernetes.ts";
import { resolveProgram } from "./programs.ts";
import { planSsh } from "./ssh.ts";

/** Makes a runtime and what it needs once per environment. Its code and its plugin's SDK are loaded here, where it is used. */
type MakeRuntime = (topology: Topology, secrets: SecretValues) => Promise<Runtime | HostRuntime>;

const RUNTIMES: Record<RuntimeName, MakeRuntime> = {
  process: onThisMachine,
  docker: onDocker,
  kubernetes: onKubernetes,
  ssh: overSsh,
};

/** The runtimes an environment's workloads run on, each made once. */
export async function makeRuntimes(
  topology: Topology,
  deployables: readonly Deployable[],
  secrets: SecretValues,
): Promise<Runtimes> {
  const needed = [...new Set(deployables.map(({ runtime }) => runtime))];
  const made = needed.map(async (name) => [name, await RUNTIMES[name](topology, secrets)] as const);
  return Object.fromEntries(await Promise.all(made));
}

export type Runtimes = Readonly<Partial<Record<RuntimeName, Runtime | HostRuntime>>>;

async function onThisMachine({ environment }: Topology): Promise<Runtime> {
  const { ProcessRuntime } = await import("../../components/runtime/process/process-runtime.ts");
  return new ProcessRuntime({
    stateFolder: stateFolder(environment.name),
    resolveProgram,
    logCapMiB: environment.logCapMiB,
  });
}

async function onDocker(topology: Topology): Promise<Runtime> {
  const { DockerRuntime } = await import("../../components/runtime/docker/docker-runtime.ts");
  return new DockerRuntime(planDocker(topology));
}

async function overSsh({ environment }: Topology, secrets: SecretValues): Promise<HostRuntime> {
  const { SshRuntime } = await import("../../components/runtime/ssh/ssh-runtime.ts");
  return new SshRuntime(planSsh(environment, (name) => secrets[name] ?? ""));
}

async function onKubernetes(topology: Topology): Promise<Runtime> {
  const { KubernetesFoundation } = await import("../../components/runtime/kubernetes/kubernetes-foundation.ts");
  const { kubernetesProvider } = await import("../../components/runtime/kubernetes/kubernetes-provider.ts");
  const { KubernetesRuntime } = await import("../../components/runtime/kubernetes/kubernetes-runtime.ts");
  const { name, environment } = topology;
  const settings = planKubernetes(topology);
  const { context } = environment.kubernetes;
  const provider = kubernetesProvider("kubernetes", { environment: name, context });
  const foundation = new KubernetesFoundation("kubernetes", settings, { providers: [provider] });
  return new KubernetesRuntime({ settings, provider, foundation });
}
