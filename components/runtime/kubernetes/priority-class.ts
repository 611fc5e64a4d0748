import { COMMON_LABELS, type ComponentName } from "./labels.ts";
import type { PriorityClass } from "./types.ts";

const VALUES: Readonly<Record<ComponentName, { readonly value: number; readonly description: string }>> = {
  hosts: { value: 1_000_000, description: "Agents and exporters: without them a node is blind." },
  gateways: { value: 900_000, description: "Gateways: everything passes through them." },
  backends: { value: 800_000, description: "Backends: what they miss waits in the gateways' queues." },
};

export function priorityClassName(component: ComponentName): string {
  return `gpu-observability-${component}`;
}

/** Who is scheduled first and evicted last. Nobody is driven from a node for telemetry, least of all a training job. */
export function renderPriorityClasses() {
  return Object.entries(VALUES).map(
    ([component, { value, description }]) =>
      ({
        apiVersion: "scheduling.k8s.io/v1",
        kind: "PriorityClass",
        metadata: { name: priorityClassName(component as ComponentName), labels: COMMON_LABELS },
        value,
        globalDefault: false,
        preemptionPolicy: "Never",
        description,
      }) satisfies PriorityClass,
  );
}
