import type * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../core/errors.ts";
import type { CertificateAuthority } from "../security/certificate-authority.ts";
import { LeafCertificate, type LeafCertificateArgs } from "../security/leaf-certificate.ts";
import type { DeliveredCertificate, Delivery, SecretValues } from "./runtime.ts";
import type { Workload } from "./workload.ts";

/** What every delivery is made from. */
export interface DeliveryArgs {
  /** Signs the workload's certificate; needed exactly when the workload asks for one. */
  readonly authority?: CertificateAuthority;
  /** Validity of the workload's certificate. @default 90 days, renewed 30 days before its end */
  readonly leaves?: Pick<LeafCertificateArgs, "validityDays" | "renewBeforeDays">;
  /** Secrets of the environment; the workload gets those it names. */
  readonly secrets: SecretValues;
}

/**
 * What a workload cannot carry itself: the environment's secrets and, when it asks for one, a certificate of its
 * own, `${name}-certificate`.
 *
 * @throws ConfigError when the workload asks for a certificate and there is no authority
 */
export function makeDelivery(
  name: string,
  workload: Workload,
  args: DeliveryArgs,
  opts: pulumi.CustomResourceOptions,
): Delivery {
  const { secrets } = args;
  const certificate = certificateOf(name, workload, args, opts);
  return certificate === undefined ? { secrets } : { certificate, secrets };
}

function certificateOf(
  name: string,
  { name: workload, certificate: request }: Workload,
  { authority, leaves }: DeliveryArgs,
  opts: pulumi.CustomResourceOptions,
): DeliveredCertificate | undefined {
  if (request === undefined) return undefined;
  if (authority === undefined) throw new ConfigError([missingAuthority(workload)]);
  const { certPem, keyPem } = new LeafCertificate(`${name}-certificate`, { authority, request, ...leaves }, opts);
  return { certPem, keyPem, caPem: authority.certPem };
}

function missingAuthority(workload: string) {
  return {
    path: `workload ${workload}: certificate`,
    expected: "an authority to sign it",
    got: "none",
    fix: "pass `authority` to its Service",
  };
}
