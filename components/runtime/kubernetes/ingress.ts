import { entranceName, entrancePort } from "./service.ts";
import { metadataOf, publicationOf, type Scope } from "./scope.ts";
import type { Publication } from "./settings.ts";
import type { Ingress } from "./types.ts";

/** The published host of a workload; the controller reads everything else off annotations of its own. */
export function renderIngresses(scope: Scope) {
  const published = publicationOf(scope);
  if (published === undefined) return [];
  const { host, className, annotations } = published;
  const name = entranceName(scope.workload.name);
  const backend = { service: { name, port: { name: entrancePort } } };
  const ingress = {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    // The engine would wait for an address, which some controllers never state; `up` says when there is none.
    metadata: { ...metadataOf(scope, name), annotations: { "pulumi.com/skipAwait": "true", ...annotations } },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      tls: [{ hosts: [host], secretName: entranceSecret(scope, published) }],
    },
  } satisfies Ingress;
  return [ingress];
}

/** Secret with the certificate of a published host. */
export function entranceSecret({ workload }: Pick<Scope, "workload">, { tls }: Publication): string {
  return "secretName" in tls ? tls.secretName : `${entranceName(workload.name)}-tls`;
}
