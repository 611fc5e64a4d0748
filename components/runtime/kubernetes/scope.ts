import type { Workload } from "../workload.ts";
import { withHealthFiles } from "./probes.ts";
import { labelsOf, namespaceOf, selectorOf } from "./labels.ts";
import type { KubernetesSettings, Publication, SecretMaterial } from "./settings.ts";

/** What the renderers of one workload's objects share. */
export interface Scope {
  readonly workload: Workload;
  readonly settings: KubernetesSettings;
  readonly secrets: SecretMaterial;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
}

export function scopeOf(planned: Workload, settings: KubernetesSettings, secrets: SecretMaterial): Scope {
  const workload = withHealthFiles(planned);
  return {
    workload,
    settings,
    secrets,
    namespace: namespaceOf(workload, settings),
    labels: labelsOf(workload, settings),
    selector: selectorOf(workload),
  };
}

/** Metadata of a namespaced object of the workload. */
export function metadataOf({ namespace, labels }: Scope, name: string) {
  return { name, namespace, labels };
}

/** How a workload is published; undefined for one that is not. */
export function publicationOf({ workload, settings }: Pick<Scope, "workload" | "settings">): Publication | undefined {
  return settings.publishedAs?.[workload.service];
}

/** How many copies run at once at least. */
export function copiesOf({ replicas = 1 }: Workload): number {
  return replicas;
}

/** Whether its copies have names of their own, or state of their own: what a Deployment cannot give. */
export function isStateful({ replicas, volumes }: Workload): boolean {
  return replicas !== undefined || volumes.some(({ stateful }) => stateful);
}
