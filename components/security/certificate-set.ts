import * as pulumi from "@pulumi/pulumi";
import type { DeliveredCertificate } from "../runtime/runtime.ts";
import type { CertificateRequest } from "../runtime/workload.ts";
import type { LeafCertificateArgs } from "./leaf-certificate.ts";
import { moduleProvider } from "./module-provider.ts";

export interface CertificateSetArgs extends Pick<
  LeafCertificateArgs,
  "authority" | "validityDays" | "renewBeforeDays"
> {
  /** What each certificate is for, by a name of its own. */
  readonly requests: Readonly<Record<string, CertificateRequest>>;
}

/**
 * Certificates of many workloads, each with a key of its own, as one resource. An update makes those that are new,
 * asked for otherwise or near their end, and leaves the others as they are; a preview of it knows none of them.
 */
export class CertificateSet extends pulumi.dynamic.Resource {
  declare private readonly certPems: pulumi.Output<Readonly<Record<string, string>>>;
  declare private readonly keyPems: pulumi.Output<Readonly<Record<string, string>>>;
  private readonly caPem: pulumi.Output<string>;

  constructor(name: string, args: CertificateSetArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { authority, requests, validityDays = 90, renewBeforeDays = 30 } = args;
    super(
      moduleProvider("components/security/providers.ts", "leafSetProvider"),
      name,
      {
        requests,
        validityDays,
        renewBeforeDays,
        authorityCertPem: authority.certPem,
        authorityKeyPem: pulumi.secret(authority.keyPem),
        certPems: undefined,
        keyPems: undefined,
      },
      pulumi.mergeOptions(opts, { additionalSecretOutputs: ["keyPems"] }),
      "gpuobs/security",
      "CertificateSet",
    );
    this.caPem = authority.certPem;
  }

  /** One certificate of the set, with the authority that signed it. */
  certificate(name: string): DeliveredCertificate {
    const of = (pems: pulumi.Output<Readonly<Record<string, string>>>) =>
      pems.apply((all) => {
        const pem = all[name];
        // Such as `pulumi up --target` of a new workload, which leaves the set as it was.
        if (pem === undefined) throw new Error(`no certificate was made for ${name}: update its set, too`);
        return pem;
      });
    return { certPem: of(this.certPems), keyPem: of(this.keyPems), caPem: this.caPem };
  }
}
