import * as pulumi from "@pulumi/pulumi";
import { createObject, resourceName } from "../../runtime/kubernetes/create.ts";
import { COMMON_LABELS } from "../../runtime/kubernetes/labels.ts";
import type { Secret } from "../../runtime/kubernetes/types.ts";
import type { DeliveredCertificate } from "../../runtime/runtime.ts";
import { CLIENT_SECRET, renderOperatorObjects } from "./manifests.ts";
import type { OperatorSettings } from "./settings.ts";

export interface ExternalPrometheusArgs extends OperatorSettings {
  /** What it shows our parts to be let in. */
  readonly certificate: DeliveredCertificate;
}

/**
 * What a Prometheus of the Prometheus Operator is given: one `PrometheusRule` an area, one `PodMonitor` a part, and the
 * Secret with its client certificate, in the platform's own namespace, each a child. It creates no Prometheus, and does
 * not look whether one selects these objects. The cluster is that of `opts.providers`.
 */
export class ExternalPrometheus extends pulumi.ComponentResource {
  constructor(name: string, args: ExternalPrometheusArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { certificate, namespace } = args;
    super("gpuobs:prometheus:ExternalPrometheus", name, { namespace }, opts);
    const secret = renderClientSecret(namespace, certificate);
    const child = { parent: this };
    const made = createObject(resourceName(secret.metadata.name, secret), secret, child);
    for (const manifest of renderOperatorObjects(args)) {
      createObject(resourceName(manifest.metadata.name, manifest), manifest, { ...child, dependsOn: [made] });
    }
    this.registerOutputs({});
  }
}

function renderClientSecret(namespace: string, { caPem, certPem, keyPem }: DeliveredCertificate) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: CLIENT_SECRET, namespace, labels: COMMON_LABELS },
    type: "Opaque",
    stringData: { "ca.pem": caPem, "cert.pem": certPem, "key.pem": pulumi.secret(keyPem) },
  } satisfies Secret;
}
