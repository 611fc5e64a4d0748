import { metadataOf, type Scope } from "./scope.ts";
import type { ServiceAccount } from "./types.ts";

/** An identity of its own, so that what one workload is allowed no other is. Its token is mounted by who needs it. */
export function renderServiceAccount(scope: Scope) {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadataOf(scope, scope.workload.name),
    automountServiceAccountToken: false,
  } satisfies ServiceAccount;
}
