import type { KubernetesSettings } from "../../components/runtime/kubernetes/settings.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { planEdges } from "./edges.ts";
import { monitoringNamespace, monitoringPods } from "./external-prometheus-plan.ts";
import { resolveImage } from "./images.ts";

/** What an environment tells the runtime `kubernetes`. */
export function planKubernetes(topology: Topology): KubernetesSettings {
  const { imageRegistry, images, ingress, ...settings } = topology.environment.kubernetes;
  const monitoring = monitoringNamespace(topology.environment);
  const pods = monitoringPods(topology.environment);
  return {
    ...settings,
    namespace: NAMESPACE,
    hostNamespace: HOST_NAMESPACE,
    resolveImage: (program) => ({
      ...resolveImage(program, imageRegistry),
      ...(images[program] === undefined ? {} : { image: images[program] }),
    }),
    ...(ingress === undefined ? {} : { publishedAs: { grafana: { ...ingress, port: "http" } } }),
    ...(monitoring === undefined ? {} : { monitoringNamespace: monitoring }),
    ...(pods === undefined ? {} : { monitoringPods: pods }),
    edges: planEdges(topology),
  };
}
