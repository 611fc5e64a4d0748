import { renderPod } from "./pod.ts";
import { metadataOf, type Scope } from "./scope.ts";
import type { Deployment } from "./types.ts";

/** A workload without state, and with no copy that has a name of its own. */
export function renderDeployment(scope: Scope) {
  const { workload, selector } = scope;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadataOf(scope, workload.name),
    spec: {
      replicas: 1,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selector },
      template: renderPod(scope),
    },
  } satisfies Deployment;
}
