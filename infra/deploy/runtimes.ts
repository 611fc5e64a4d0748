import type { HostRuntime } from "../../components/runtime/host-runtime.ts";
import type { Runtime, SecretValues } from "../../components/runtime/runtime.ts";
import { stateFolder } from "../cli/folders.ts";
import type { RuntimeName, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";
import { planDocker } from "./docker.ts";
import { planKubernetes } from "./kubernetes.ts";
import { resolveProgram } from "./programs.ts";
import { planSsh } from "./ssh.ts";

/** Makes a runtime and what it needs once per environment. */
export type MakeRuntime = (topology: Topology, secrets: SecretValues) => Runtime | HostRuntime;

/** Code of a runtime and the SDK of its plugin, loaded where an environment uses them. */
const RUNTIMES: Record<RuntimeName, () => Promise<MakeRuntime>> = {
  process: onThisMachine,
  docker: onDocker,
  kubernetes: onKubernetes,
  ssh: overSsh,
};

export type Runtimes = Readonly<Partial<Record<RuntimeName, Runtime | HostRuntime>>>;

/** Loads the runtimes an environment's workloads run on. @returns makes each of them once */
export async function loadRuntimes(
  deployables: readonly Deployable[],
): Promise<(topology: Topology, secrets: SecretValues) => Runtimes> {
  const needed = [...new Set(deployables.map(({ runtime }) => runtime))];
  const loaded = await Promise.all(needed.map(async (name) => [name, await RUNTIMES[name]()] as const));
  return (topology, secrets) => Object.fromEntries(loaded.map(([name, make]) => [name, make(topology, secrets)]));
}

async function onThisMachine(): Promise<MakeRuntime> {
  const { ProcessRuntime } = await import("../../components/runtime/process/process-runtime.ts");
  return ({ environment }) =>
    new ProcessRuntime({
      stateFolder: stateFolder(environment.name),
      resolveProgram,
      logCapMiB: environment.logCapMiB,
    });
}

async function onDocker(): Promise<MakeRuntime> {
  const { DockerRuntime } = await import("../../components/runtime/docker/docker-runtime.ts");
  return (topology) => new DockerRuntime(planDocker(topology));
}

async function overSsh(): Promise<MakeRuntime> {
  const { SshRuntime } = await import("../../components/runtime/ssh/ssh-runtime.ts");
  return ({ environment }, secrets) => new SshRuntime(planSsh(environment, (name) => secrets[name] ?? ""));
}

async function onKubernetes(): Promise<MakeRuntime> {
  const { KubernetesFoundation } = await import("../../components/runtime/kubernetes/kubernetes-foundation.ts");
  const { kubernetesProvider } = await import("../../components/runtime/kubernetes/kubernetes-provider.ts");
  const { KubernetesRuntime } = await import("../../components/runtime/kubernetes/kubernetes-runtime.ts");
  return (topology) => {
    const { name, environment } = topology;
    const settings = planKubernetes(topology);
    const { context } = environment.kubernetes;
    const provider = kubernetesProvider("kubernetes", { environment: name, context });
    const foundation = new KubernetesFoundation("kubernetes", settings, { providers: [provider] });
    return new KubernetesRuntime({ settings, provider, foundation });
  };
}
