import { metadataOf, type Scope } from "./scope.ts";
import type { ServiceAccount } from "./types.ts";

/** An identity of its own, so that what one workload is allowed no other is. Its token is mounted by who needs it. */
export function renderServiceAccount(scope: Scope) {
  const { workload, settings } = scope;
  const annotations = settings.serviceAccountAnnotations?.[workload.service];
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { ...metadataOf(scope, workload.name), ...(annotations === undefined ? {} : { annotations }) },
    automountServiceAccountToken: false,
  } satisfies ServiceAccount;
}
