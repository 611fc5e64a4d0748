import { toJson, toYaml } from "../../components/core/yaml.ts";
import { renderFoundation, renderManifests } from "../../components/runtime/kubernetes/manifests.ts";
import type { KubernetesSettings } from "../../components/runtime/kubernetes/settings.ts";
import type { Environment } from "../environment/schema.ts";
import { planTopology, type Unavailable } from "../topology/plan.ts";
import type { Deployable } from "./deployable.ts";
import { renderExternalPrometheus } from "./external-prometheus-render.ts";
import { planKubernetes } from "./kubernetes.ts";
import { planDeployables } from "./plan.ts";

/**
 * Every file of an environment, by path `<workload>/<file>`; `workload.json` holds the rest of the workload, and on
 * Kubernetes `manifests.yaml` the objects it becomes. `kubernetes/manifests.yaml` holds those all workloads share,
 * `external-prometheus/` what an existing Prometheus is given.
 */
export function renderStack(environment: Environment, unavailable: Unavailable = {}): Readonly<Record<string, string>> {
  const topology = planTopology(environment, unavailable);
  const deployables = planDeployables(topology);
  const settings = planKubernetes(topology);
  const isOnKubernetes = deployables.some(({ runtime }) => runtime === "kubernetes");
  const entries = deployables.flatMap((deployable) => renderWorkload(deployable, settings));
  const shared = isOnKubernetes ? [["kubernetes/manifests.yaml", toDocuments(renderFoundation(settings))]] : [];
  return {
    ...(Object.fromEntries([...entries, ...shared]) as Record<string, string>),
    ...renderExternalPrometheus(topology),
  };
}

function renderWorkload({ workload, runtime, machine }: Deployable, settings: KubernetesSettings): string[][] {
  const { files, ...rest } = workload;
  return [
    [`${workload.name}/workload.json`, toJson({ runtime, machine, ...rest })],
    ...Object.entries(files).map(([path, content]) => [`${workload.name}/${path}`, content]),
    ...(runtime === "kubernetes"
      ? [[`${workload.name}/manifests.yaml`, toDocuments(renderManifests(workload, settings).map(withoutFiles))]]
      : []),
  ];
}

/** A ConfigMap says which files it holds: what is in them lies beside it. */
function withoutFiles<M extends object>(manifest: M): object {
  if (!("data" in manifest) || !("kind" in manifest) || manifest.kind !== "ConfigMap") return manifest;
  const data = manifest.data as Readonly<Record<string, string>>;
  return { ...manifest, data: Object.fromEntries(Object.keys(data).map((key) => [key, "<the file of this name>"])) };
}

function toDocuments(objects: readonly object[]): string {
  return objects.map(toYaml).join("---\n");
}
