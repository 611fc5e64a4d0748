import * as pulumi from "@pulumi/pulumi";
import { moduleProvider } from "./module-provider.ts";

export interface CertificateAuthorityArgs {
  /** Subject name, shown in every leaf as its issuer. */
  readonly commonName: string;
  /** Days it is valid. @default 1825 */
  readonly validityDays?: number;
  /**
   * Days before its end at which the next update makes a new one, and with it every leaf. More than a
   * leaf's validity, so that no leaf is cut short. @default 120
   */
  readonly renewBeforeDays?: number;
}

/**
 * The private certificate authority of one environment: ECDSA P-256, held in the stack's state, its key
 * a secret. Renewed in place by the first update within `renewBeforeDays` of its end, or after it.
 */
export class CertificateAuthority extends pulumi.dynamic.Resource {
  declare readonly certPem: pulumi.Output<string>;
  /** PKCS#8 key; a secret. */
  declare readonly keyPem: pulumi.Output<string>;
  /** End of validity, ISO 8601. */
  declare readonly notAfter: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { commonName, validityDays = 1825, renewBeforeDays = 120 } = args;
    super(
      moduleProvider("components/security/providers.ts", "authorityProvider"),
      name,
      { commonName, validityDays, renewBeforeDays, certPem: undefined, keyPem: undefined, notAfter: undefined },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["keyPem"] }),
      "gpuobs/security",
      "CertificateAuthority",
    );
  }
}
