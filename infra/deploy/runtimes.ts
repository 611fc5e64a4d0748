import type { HostRuntime } from "../../components/runtime/host-runtime.ts";
import type { Runtime, SecretValues } from "../../components/runtime/runtime.ts";
import { SshRuntime } from "../../components/runtime/ssh/ssh-runtime.ts";
import { DockerRuntime } from "../../components/runtime/docker/docker-runtime.ts";
import { KubernetesFoundation } from "../../components/runtime/kubernetes/kubernetes-foundation.ts";
import { kubernetesProvider } from "../../components/runtime/kubernetes/kubernetes-provider.ts";
import { KubernetesRuntime } from "../../components/runtime/kubernetes/kubernetes-runtime.ts";
import { ProcessRuntime } from "../../components/runtime/process/process-runtime.ts";
import { stateFolder } from "../cli/folders.ts";
import type { RuntimeName, Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";
import { planDocker } from "./docker.ts";
import { planKubernetes } from "./kubernetes.ts";
import { resolveProgram } from "./programs.ts";
import { planSsh } from "./ssh.ts";

/** Makes a runtime and what it needs once per environment. */
type MakeRuntime = (topology: Topology, secrets: SecretValues) => Runtime | HostRuntime;

const RUNTIMES: Record<RuntimeName, MakeRuntime> = {
  process: onThisMachine,
  docker: (topology) => new DockerRuntime(planDocker(topology)),
  kubernetes: onKubernetes,
  ssh: ({ environment }, secrets) => new SshRuntime(planSsh(environment, (name) => secrets[name] ?? "")),
};

/** The runtimes an environment's workloads run on, each made once. */
export function makeRuntimes(
  topology: Topology,
  deployables: readonly Deployable[],
  secrets: SecretValues,
): Readonly<Partial<Record<RuntimeName, Runtime | HostRuntime>>> {
  const needed = [...new Set(deployables.map(({ runtime }) => runtime))];
  return Object.fromEntries(needed.map((name) => [name, RUNTIMES[name](topology, secrets)]));
}

function onThisMachine({ environment }: Topology): Runtime {
  return new ProcessRuntime({
    stateFolder: stateFolder(environment.name),
    resolveProgram,
    logCapMiB: environment.logCapMiB,
  });
}

function onKubernetes(topology: Topology): Runtime {
  const { name, environment } = topology;
  const settings = planKubernetes(topology);
  const { context } = environment.kubernetes;
  const provider = kubernetesProvider("kubernetes", { environment: name, context });
  const foundation = new KubernetesFoundation("kubernetes", settings, { providers: [provider] });
  return new KubernetesRuntime({ settings, provider, foundation });
}
