import * as pulumi from "@pulumi/pulumi";
import type { Delivery } from "../runtime.ts";
import type { Workload } from "../workload.ts";
import { createObject, resourceName } from "./create.ts";
import { deadlineOf } from "./deadline.ts";
import { isAutoscaled } from "./horizontal-pod-autoscaler.ts";
import { planManifests } from "./manifests.ts";
import { materialOf } from "./material.ts";
import type { KubernetesSettings } from "./settings.ts";
import type { Manifest } from "./types.ts";

export interface KubernetesWorkloadArgs {
  readonly workload: Workload;
  readonly settings: KubernetesSettings;
  readonly delivery: Delivery;
}

/**
 * One workload as the objects that `renderManifests` shows, each a child. Waits for the pods of a set, and fails with
 * what they wait for when that takes longer than its deadline; for those of nodes it does not wait, since one node that
 * is down would fail all. Creates neither namespaces nor claims: sets do.
 *
 * @throws ConfigError when a secret or certificate the workload needs was not delivered
 */
export class KubernetesWorkload extends pulumi.ComponentResource {
  /** True once the engine has made it and, of a set, taken its pods for ready; `up` asks the cluster again. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: KubernetesWorkloadArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { workload, settings, delivery } = args;
    super("gpuobs:kubernetes:Workload", name, { service: workload.service }, opts);
    const { before, controller, after } = planManifests(workload, settings, materialOf(workload, delivery));
    const needed = before.map((manifest, index) => this.create(logicalName(workload, before, index), manifest));
    const pods = this.create(resourceName(workload.name, controller), controller, {
      dependsOn: needed,
      customTimeouts: deadlineOf(workload, settings),
      ignoreChanges: ignoredChanges(workload, controller),
    });
    for (const manifest of after) {
      this.create(resourceName(manifest.metadata.name, manifest), manifest, { dependsOn: [pods] });
    }
    this.ready = pods.id.apply(() => true);
    this.registerOutputs({ ready: this.ready });
  }

  private create(name: string, manifest: Manifest, opts: pulumi.CustomResourceOptions = {}): pulumi.CustomResource {
    return createObject(name, manifest, { ...opts, parent: this });
  }
}

/** What others look after: Kubernetes raises the replicas, and `up` brings volumes to their size (decision 17). */
function ignoredChanges(workload: Workload, { kind }: Manifest): string[] {
  return [
    ...(isAutoscaled(workload) ? ["spec.replicas"] : []),
    ...(kind === "StatefulSet" ? ["spec.volumeClaimTemplates[*].spec"] : []),
  ];
}

/** A ConfigMap's own name changes with its content, its name in the state does not: it is replaced. */
function logicalName({ name }: Workload, manifests: readonly Manifest[], index: number): string {
  const manifest = manifests[index] as Manifest;
  if (manifest.kind !== "ConfigMap") return resourceName(manifest.metadata.name, manifest);
  const earlier = manifests.slice(0, index).filter(({ kind }) => kind === "ConfigMap").length;
  return resourceName(earlier === 0 ? name : `${name}-${earlier + 1}`, manifest);
}
