import type * as pulumi from "@pulumi/pulumi";
import { ConfigError, throwIfAny } from "../core/errors.ts";
import { hashOf } from "../core/hash.ts";
import type { CertificateAuthority } from "../security/certificate-authority.ts";
import { CertificateSet } from "../security/certificate-set.ts";
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

/**
 * The same for workloads that come by the hundred: their certificates are in a few sets, `certificates-<nn>`.
 *
 * @returns by the workload's name
 * @throws ConfigError when a workload asks for a certificate and there is no authority
 */
export function makeDeliveries(workloads: readonly Workload[], args: DeliveryArgs): ReadonlyMap<string, Delivery> {
  const { secrets, authority, leaves } = args;
  const asking = workloads.flatMap(({ name, certificate }) => (certificate === undefined ? [] : { name, certificate }));
  if (authority === undefined) throwIfAny(asking.map(({ name }) => missingAuthority(name)));
  const deliveries = new Map<string, Delivery>(workloads.map(({ name }) => [name, { secrets }]));
  for (const [set, members] of Map.groupBy(asking, ({ name }) => setOf(name))) {
    const requests = Object.fromEntries(members.map(({ name, certificate }) => [name, certificate]));
    if (authority === undefined) continue;
    const made = new CertificateSet(`certificates-${set}`, { authority, requests, ...leaves });
    for (const { name } of members) deliveries.set(name, { secrets, certificate: made.certificate(name) });
  }
  return deliveries;
}

/**
 * A preview that adds or removes a workload knows none of the certificates in its set: so there are many sets, and as
 * many for a small fleet as for a large one, since a workload that changed its set would get another certificate.
 */
const SETS = 32;

function setOf(workload: string): string {
  return String(Number.parseInt(hashOf(workload).slice(0, 8), 16) % SETS).padStart(2, "0");
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
    fix: "pass `authority` where it is deployed",
  };
}
