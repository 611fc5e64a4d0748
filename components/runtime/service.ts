import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../core/errors.ts";
import type { CertificateAuthority } from "../security/certificate-authority.ts";
import { LeafCertificate, type LeafCertificateArgs } from "../security/leaf-certificate.ts";
import type { DeliveredCertificate, Runtime, SecretValues } from "./runtime.ts";
import type { Workload } from "./workload.ts";

export interface ServiceArgs {
  readonly workload: Workload;
  readonly runtime: Runtime;
  /** Signs the workload's certificate; needed exactly when the workload asks for one. */
  readonly authority?: CertificateAuthority;
  /** Validity of the workload's certificate. @default 90 days, renewed 30 days before its end */
  readonly leaves?: Pick<LeafCertificateArgs, "validityDays" | "renewBeforeDays">;
  /** Secrets of the environment; the workload gets those it names. */
  readonly secrets: SecretValues;
}

/**
 * One workload of any service, with its certificate: creates `${name}-certificate` when the workload asks
 * for one, and `${name}-deployment` through the runtime. Knows neither the service nor the platform.
 *
 * @throws ConfigError when the workload asks for a certificate and there is no authority
 */
export class Service extends pulumi.ComponentResource {
  /** True once the health check has passed. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: ServiceArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { workload, runtime, secrets } = args;
    super("gpuobs:runtime:Service", name, { service: workload.service }, opts);
    const certificate = this.certificateOf(name, args);
    const delivery = certificate === undefined ? { secrets } : { certificate, secrets };
    this.ready = runtime.deploy(workload, delivery, { parent: this }).ready;
    this.registerOutputs({ ready: this.ready });
  }

  private certificateOf(name: string, { workload, authority, leaves }: ServiceArgs): DeliveredCertificate | undefined {
    if (workload.certificate === undefined) return undefined;
    if (authority === undefined) throw new ConfigError([missingAuthority(workload.name)]);
    const { certPem, keyPem } = new LeafCertificate(
      `${name}-certificate`,
      { authority, request: workload.certificate, ...leaves },
      { parent: this },
    );
    return { certPem, keyPem, caPem: authority.certPem };
  }
}

function missingAuthority(workload: string) {
  return {
    path: `workload ${workload}: certificate`,
    expected: "an authority to sign it",
    got: "none",
    fix: "pass `authority` to its Service",
  };
}
