import * as pulumi from "@pulumi/pulumi";
import type { CertificateRequest } from "../runtime/workload.ts";
import type { CertificateAuthority } from "./certificate-authority.ts";
import { moduleProvider } from "./module-provider.ts";

export interface LeafCertificateArgs {
  readonly authority: Pick<CertificateAuthority, "certPem" | "keyPem">;
  /** Subject and every name or address a client may verify it against. */
  readonly request: CertificateRequest;
  /** Days it is valid. @default 90 */
  readonly validityDays?: number;
  /** Days before its end at which the next update makes a new one. @default 30 */
  readonly renewBeforeDays?: number;
}

/**
 * A certificate for one workload, both server and client of mutual TLS. A new authority, another name or
 * its coming end gives it a new key and certificate in place.
 */
export class LeafCertificate extends pulumi.dynamic.Resource {
  declare readonly certPem: pulumi.Output<string>;
  /** PKCS#8 key; a secret. */
  declare readonly keyPem: pulumi.Output<string>;
  /** End of validity, ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;

  constructor(name: string, args: LeafCertificateArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { authority, request, validityDays = 90, renewBeforeDays = 30 } = args;
    super(
      moduleProvider("components/security/providers.ts", "leafProvider"),
      name,
      {
        commonName: request.commonName,
        dnsNames: request.dnsNames,
        ipAddresses: request.ipAddresses,
        validityDays,
        renewBeforeDays,
        authorityCertPem: authority.certPem,
        authorityKeyPem: pulumi.secret(authority.keyPem),
        certPem: undefined,
        keyPem: undefined,
        notAfter: undefined,
      },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["keyPem"] }),
      "gpuobs/security",
      "LeafCertificate",
    );
  }
}
