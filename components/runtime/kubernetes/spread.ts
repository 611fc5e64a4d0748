import { copiesOf, type Scope } from "./scope.ts";
import type { PodSpec } from "./types.ts";

const NODE = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";

/**
 * Copies stand on nodes of their own and, where there are zones, in zones of their own. A copy waits rather than
 * doubling up while another node could take it; nodes that take nobody (cordoned, gone) do not count.
 */
export function renderSpread({ workload, selector }: Scope): Pick<PodSpec, "topologySpreadConstraints" | "affinity"> {
  if (copiesOf(workload) < 2) return {};
  const labelSelector = { matchLabels: selector };
  return {
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: NODE, whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Honor", labelSelector },
      { maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: "ScheduleAnyway", labelSelector },
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: NODE, labelSelector } },
        ],
      },
    },
  };
}
