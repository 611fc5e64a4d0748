import type { Workload } from "../workload.ts";
import { copiesOf, metadataOf, type Scope } from "./scope.ts";
import type { HorizontalPodAutoscaler } from "./types.ts";

const CPU_PERCENT = 70;

/** Whether Kubernetes may start more copies by itself. */
export function isAutoscaled({ maxReplicas, ...workload }: Workload): boolean {
  return maxReplicas !== undefined && maxReplicas > copiesOf(workload);
}

/** How many of the copies that run are left: Kubernetes ends those above the most it may start, at once. */
export function copiesLeft(workload: Workload, running: number): number {
  const least = copiesOf(workload);
  return isAutoscaled(workload) ? Math.max(least, Math.min(running, workload.maxReplicas ?? least)) : least;
}

/** More copies under load, never fewer: the queue of a copy that is taken away would wait for its return. */
export function renderHorizontalPodAutoscalers(scope: Scope) {
  const { workload } = scope;
  const { maxReplicas } = workload;
  if (maxReplicas === undefined || !isAutoscaled(workload)) return [];
  const scaler = {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadataOf(scope, workload.name),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: workload.name },
      minReplicas: copiesOf(workload),
      maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } },
        },
      ],
      behavior: {
        scaleDown: { selectPolicy: "Disabled" },
        scaleUp: { stabilizationWindowSeconds: 120, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
      },
    },
  } satisfies HorizontalPodAutoscaler;
  return [scaler];
}
