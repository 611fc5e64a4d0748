import { renderFoundation, renderManifests } from "../../components/runtime/kubernetes/manifests.ts";
import { planKubernetes } from "../../infra/deploy/kubernetes.ts";
import { planDeployables } from "../../infra/deploy/plan.ts";
import { parseEnvironment } from "../../infra/cli/arguments.ts";
import type { EnvironmentName } from "../../infra/environment/schema.ts";
import type { EngineResource } from "../../infra/policy/read/engine-resource.ts";
import type { Tree } from "../../infra/policy/model.ts";
import { planTopology } from "../../infra/topology/plan.ts";
import { urnOf } from "./processes.ts";

/**
 * The Kubernetes half of an environment as the engine gets it, from the real planners and renderers.
 *
 * @param settings - `path=value` for each value that is not the committed one
 */
export function kubernetesResources(
  name: Extract<EnvironmentName, "staging" | "production">,
  settings: readonly string[] = [],
): readonly EngineResource[] {
  const environment = parseEnvironment([name, ...settings.flatMap((setting) => ["--set", setting])]);
  const topology = planTopology(environment, {});
  const kubernetes = planKubernetes(topology);
  const workloads = planDeployables(topology)
    .filter(({ runtime }) => runtime === "kubernetes")
    .map(({ workload }) => workload);
  const manifests = [
    ...renderFoundation(kubernetes),
    ...workloads.flatMap((workload) => renderManifests(workload, kubernetes)),
  ];
  return manifests.map((manifest) => {
    const { apiVersion, kind, metadata } = manifest;
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    const { namespace = "" } = metadata as { readonly namespace?: string };
    const label = ["gpu-observability", ""].includes(namespace) ? metadata.name : `${namespace}/${metadata.name}`;
    const props = JSON.parse(JSON.stringify(manifest)) as Tree;
    return { type, urn: urnOf(name, type, label), props, protect: false };
  });
}
