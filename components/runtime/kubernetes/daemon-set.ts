import { renderPod } from "./pod.ts";
import { metadataOf, type Scope } from "./scope.ts";
import type { DaemonSet } from "./types.ts";

/** One copy on each GPU node; how many nodes there are is the cluster's business alone. */
export function renderDaemonSet(scope: Scope) {
  const { workload, selector } = scope;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    // The engine would wait for every node, one that is down included; `up` looks after the rollout itself.
    metadata: { ...metadataOf(scope, workload.name), annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      // Ports of the node are taken until the old copy has gone, so there is no surge.
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%", maxSurge: 0 } },
      selector: { matchLabels: selector },
      template: renderPod(scope),
    },
  } satisfies DaemonSet;
}
