import * as pulumi from "@pulumi/pulumi";
import { createObject, resourceName } from "./create.ts";
import { renderFoundation } from "./manifests.ts";
import type { KubernetesSettings } from "./settings.ts";
import type { Manifest } from "./types.ts";

/**
 * What the workloads of an environment share: both namespaces, closed to all that is not planned, and the priority
 * classes. One per cluster, because their names are fixed.
 *
 * With `keepData` the namespace of the backends stays after `destroy`, empty but for the volumes' claims, which would
 * go with it; the next `up` takes both up again.
 */
export class KubernetesFoundation extends pulumi.ComponentResource {
  constructor(name: string, settings: KubernetesSettings, opts: pulumi.ComponentResourceOptions = {}) {
    super("gpuobs:kubernetes:Foundation", name, {}, opts);
    const manifests = renderFoundation(settings);
    const isNamespace = ({ kind }: Manifest) => kind === "Namespace";
    const namespaces = manifests.filter(isNamespace).map((manifest) =>
      createObject(resourceName(manifest.metadata.name, manifest), manifest, {
        parent: this,
        retainOnDelete: settings.keepData && manifest.metadata.name === settings.namespace,
      }),
    );
    for (const manifest of manifests.filter((one) => !isNamespace(one))) {
      createObject(foundationName(manifest), manifest, { parent: this, dependsOn: namespaces });
    }
    this.registerOutputs({});
  }
}

function foundationName(manifest: Manifest): string {
  const { namespace, name } = manifest.metadata as { readonly namespace?: string; readonly name: string };
  return resourceName(namespace === undefined ? name : `${namespace}-${name}`, manifest);
}
