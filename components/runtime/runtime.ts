import type * as pulumi from "@pulumi/pulumi";
import type { SecretName, Workload } from "./workload.ts";

/** The TLS files of a workload that asked for a certificate. */
export interface DeliveredCertificate {
  readonly certPem: pulumi.Input<string>;
  /** A secret. */
  readonly keyPem: pulumi.Input<string>;
  readonly caPem: pulumi.Input<string>;
}

/** Values of the secrets an environment has, by name. */
export type SecretValues = Readonly<Partial<Record<SecretName, pulumi.Input<string>>>>;

/** What a workload cannot carry itself, because it is secret or made by the engine. */
export interface Delivery {
  readonly certificate?: DeliveredCertificate;
  /** All secrets of the environment: a runtime delivers those the workload names and no other. */
  readonly secrets: SecretValues;
}

/** A workload the runtime has started: `ready` resolves once its health check has passed. */
export type Deployed = pulumi.Resource & { readonly ready: pulumi.Output<boolean> };

/** Runs workloads: the only code that knows a platform. */
export interface Runtime {
  deploy(workload: Workload, delivery: Delivery, opts: pulumi.CustomResourceOptions): Deployed;
}
