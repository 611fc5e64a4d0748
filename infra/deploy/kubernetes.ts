import type { KubernetesSettings } from "../../components/runtime/kubernetes/settings.ts";
import { HOST_NAMESPACE, NAMESPACE } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { planEdges } from "./edges.ts";
import { resolveImage } from "./images.ts";

/** What an environment tells the runtime `kubernetes`. */
export function planKubernetes(topology: Topology): KubernetesSettings {
  const { imageRegistry, images, ...settings } = topology.environment.kubernetes;
  return {
    ...settings,
    namespace: NAMESPACE,
    hostNamespace: HOST_NAMESPACE,
    resolveImage: (program) => ({
      ...resolveImage(program, imageRegistry),
      ...(images[program] === undefined ? {} : { image: images[program] }),
    }),
    edges: planEdges(topology),
  };
}
