import type { KubeObject } from "./api.ts";

const TEXT = { type: "string" };

/**
 * Stands in for cert-manager: the definition of its kind `Certificate`, as far as this platform uses it, so that the API
 * server judges what it is sent. There is no controller: nobody issues anything.
 */
export const CERTIFICATE_DEFINITION: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "certificates.cert-manager.io" },
  spec: {
    group: "cert-manager.io",
    scope: "Namespaced",
    names: { kind: "Certificate", listKind: "CertificateList", plural: "certificates", singular: "certificate" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["secretName", "issuerRef"],
                properties: {
                  secretName: TEXT,
                  dnsNames: { type: "array", items: TEXT },
                  issuerRef: {
                    type: "object",
                    required: ["name"],
                    properties: { group: TEXT, kind: TEXT, name: TEXT },
                  },
                  usages: {
                    type: "array",
                    items: { type: "string", enum: ["digital signature", "key encipherment", "server auth"] },
                  },
                  privateKey: {
                    type: "object",
                    properties: {
                      algorithm: { type: "string", enum: ["RSA", "ECDSA", "Ed25519"] },
                      size: { type: "integer" },
                      rotationPolicy: { type: "string", enum: ["Never", "Always"] },
                    },
                  },
                },
              },
              status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
        },
      },
    ],
  },
};
