import type { Runtime } from "../../components/runtime/runtime.ts";
import { ConfigError } from "../../components/core/errors.ts";
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

/** Makes a runtime and what it needs once per environment. */
type MakeRuntime = (topology: Topology) => Runtime;

const RUNTIMES: Partial<Record<RuntimeName, MakeRuntime>> = {
  process: onThisMachine,
  docker: (topology) => new DockerRuntime(planDocker(topology)),
  kubernetes: onKubernetes,
};

/**
 * The runtimes an environment's workloads run on, each made once.
 *
 * @throws {ConfigError} when a workload was planned for a runtime that is not built yet
 */
export function makeRuntimes(
  topology: Topology,
  deployables: readonly Deployable[],
): Partial<Record<RuntimeName, Runtime>> {
  const needed = [...new Set(deployables.map(({ runtime }) => runtime))];
  const missing = needed.filter((name) => RUNTIMES[name] === undefined);
  if (missing.length > 0) {
    throw new ConfigError([
      {
        path: `stacks/Pulumi.${topology.name}.yaml: runtime`,
        expected: `a runtime this version can deploy to: ${Object.keys(RUNTIMES).join(", ")}`,
        got: missing.join(", "),
        fix: `see what it would deploy: npm run render -- ${topology.name}`,
      },
    ]);
  }
  return Object.fromEntries(needed.map((name) => [name, RUNTIMES[name]?.(topology)]));
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
