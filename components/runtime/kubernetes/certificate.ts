import { entranceSecret } from "./ingress.ts";
import { metadataOf, publicationOf, type Scope } from "./scope.ts";
import { entranceName } from "./service.ts";
import type { Certificate } from "./types.ts";

/** API group of cert-manager. */
const GROUP = "cert-manager.io";

/**
 * The certificate of a published host, where an issuer of cert-manager is named. An object of its own and no annotation
 * of the Ingress: a preview shows it, and a cluster without cert-manager refuses it where it would overlook the other.
 */
export function renderCertificates(scope: Scope) {
  const published = publicationOf(scope);
  if (published === undefined || !("issuer" in published.tls)) return [];
  const { name, kind } = published.tls.issuer;
  const certificate = {
    apiVersion: `${GROUP}/v1`,
    kind: "Certificate",
    metadata: metadataOf(scope, entranceName(scope.workload.name)),
    spec: {
      secretName: entranceSecret(scope, published),
      dnsNames: [published.host],
      issuerRef: { group: GROUP, kind, name },
      usages: ["digital signature", "server auth"],
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    },
  } satisfies Certificate;
  return [certificate];
}
