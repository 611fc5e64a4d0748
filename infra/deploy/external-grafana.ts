import type * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../components/core/errors.ts";
import { ExternalGrafana } from "../../components/grafana/external-grafana.ts";
import type { SecretValues } from "../../components/runtime/runtime.ts";
import { LeafCertificate, type LeafCertificateArgs } from "../../components/security/leaf-certificate.ts";
import type { Topology } from "../topology/topology.ts";
import { planContent } from "./grafana.ts";

/** Key `grafana.external` of an environment. */
export interface ExternalGrafanaDescription {
  readonly url: string;
  /** Name of the stack's secret that holds the token. */
  readonly token: string;
}

export interface Issuer {
  readonly authority: LeafCertificateArgs["authority"] & { readonly certPem: pulumi.Output<string> };
  readonly leaves: Pick<LeafCertificateArgs, "validityDays" | "renewBeforeDays">;
}

/**
 * Fills a Grafana that is somebody else's with what the environment's own would show. Backends ask for a certificate,
 * so it gets one of its own.
 *
 * @throws {ConfigError} when the stack has no such token
 */
export function deployExternalGrafana(
  topology: Topology,
  { url, token: secretName }: ExternalGrafanaDescription,
  { authority, leaves }: Issuer,
  secrets: SecretValues,
): ExternalGrafana {
  const name = "external-grafana";
  const token = secrets[secretName];
  if (token === undefined) throw new ConfigError([missingToken(topology.name, secretName)]);
  const request = { commonName: name, dnsNames: [name], ipAddresses: [] };
  const { certPem, keyPem } = new LeafCertificate(`${name}-certificate`, { authority, request, ...leaves });
  const certificate = { certPem, keyPem, caPem: authority.certPem };
  return new ExternalGrafana(name, { url, token, content: planContent(topology), certificate, secrets });
}

function missingToken(stack: string, secretName: string) {
  return {
    path: `stacks/Pulumi.${stack}.yaml: gpu-observability:${secretName}`,
    expected: "a secret value: the token of a service account that may administer the Grafana",
    got: "nothing",
    fix: `npm run secret -- ${stack} ${secretName}`,
  };
}
