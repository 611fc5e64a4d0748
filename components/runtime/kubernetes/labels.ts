import type { Workload } from "../workload.ts";
import type { ContainerImage, KubernetesSettings } from "./settings.ts";

const PART_OF = "gpu-observability";

/** What every object of the platform carries. */
export const COMMON_LABELS = {
  "app.kubernetes.io/part-of": PART_OF,
  "app.kubernetes.io/managed-by": "pulumi",
} as const;

/** Labels of every object of a workload. */
export function labelsOf(workload: Workload, { resolveImage }: KubernetesSettings): Readonly<Record<string, string>> {
  return {
    ...COMMON_LABELS,
    ...selectorOf(workload),
    "app.kubernetes.io/component": componentOf(workload),
    "app.kubernetes.io/version": versionOf(resolveImage(workload.program)),
  };
}

/** Labels that find the pods of a workload: those that never change, because a selector cannot. */
export function selectorOf({ name, service }: Pick<Workload, "name" | "service">): Readonly<Record<string, string>> {
  return { ...serviceSelector(service), "app.kubernetes.io/instance": name };
}

/** Labels that find the pods of a service. */
export function serviceSelector(service: string): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": service };
}

/** The three kinds of workload, which differ in their priority. */
export type ComponentName = "hosts" | "gateways" | "backends";

/** Which kind a workload is: it sees its node, lets hosts in, or keeps data. */
export function componentOf({ hostAccess, service }: Pick<Workload, "hostAccess" | "service">): ComponentName {
  if (hostAccess !== undefined) return "hosts";
  return service === "gateway" ? "gateways" : "backends";
}

/** Namespace of a workload. */
export function namespaceOf(workload: Workload, { namespace, hostNamespace }: KubernetesSettings): string {
  return workload.hostAccess === undefined ? namespace : hostNamespace;
}

/** `2.9.0` of `grafana/tempo:2.9.0@sha256:…`; a port of the registry is no version. */
function versionOf({ image }: ContainerImage): string {
  const [tagged = ""] = image.split("@");
  return /:([\w.-]{1,63})$/.exec(tagged)?.[1] ?? "unknown";
}
