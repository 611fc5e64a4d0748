import { renderPod } from "./pod.ts";
import { isOpaque } from "./probes.ts";
import { copiesOf, metadataOf, type Scope } from "./scope.ts";
import type { StatefulSet } from "./types.ts";
import { renderClaims } from "./volumes.ts";

/** An open port is not yet a copy that works: the next one is rolled this much later. */
const SETTLE_SECONDS = 10;

/**
 * Copies with names, and volumes, of their own.
 *
 * Data is kept by the claims' retention policy, not by `protect` or `retainOnDelete` of the set: the engine does not own
 * the claims, a set of the same name takes them up again, and neither would stop `destroy` half-way or leave pods behind.
 */
export function renderStatefulSet(scope: Scope) {
  const { workload, selector, settings } = scope;
  const claims = renderClaims(scope);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: metadataOf(scope, workload.name),
    spec: {
      serviceName: workload.name,
      replicas: copiesOf(workload),
      // All start at once: members of a ring wait for each other. And a set whose pods never got ready is mended by its
      // next version, where `OrderedReady` would wait for them for ever.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      ...(isOpaque(workload) && copiesOf(workload) > 1 ? { minReadySeconds: SETTLE_SECONDS } : {}),
      selector: { matchLabels: selector },
      template: renderPod(scope),
      ...(claims.length === 0
        ? {}
        : {
            volumeClaimTemplates: claims,
            persistentVolumeClaimRetentionPolicy: {
              whenDeleted: settings.keepData ? "Retain" : "Delete",
              whenScaled: "Retain",
            },
          }),
    },
  } satisfies StatefulSet;
}
