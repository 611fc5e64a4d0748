import { COMMON_LABELS } from "./labels.ts";
import type { KubernetesSettings } from "./settings.ts";
import type { Namespace } from "./types.ts";

/** What a pod of a namespace may ask for. */
type SecurityLevel = "restricted" | "privileged";

/** The namespace of gateways and backends, and that of what sees its node, which `restricted` and `baseline` forbid. */
export function renderNamespaces({ namespace, hostNamespace }: KubernetesSettings) {
  return [renderNamespace(namespace, "restricted"), renderNamespace(hostNamespace, "privileged")];
}

function renderNamespace(name: string, level: SecurityLevel) {
  const modes = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, level]);
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { ...COMMON_LABELS, ...(Object.fromEntries(modes) as Record<string, string>) } },
  } satisfies Namespace;
}
