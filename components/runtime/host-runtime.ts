import type * as pulumi from "@pulumi/pulumi";
import type { Delivery, Deployed } from "./runtime.ts";
import type { Workload } from "./workload.ts";

/** One workload of a host and what it cannot carry itself. */
export interface HostPart {
  readonly workload: Workload;
  readonly delivery: Delivery;
}

/**
 * A runtime that takes all workloads of a host in one piece, because it installs them as one: whole or not at all, and
 * with a number of resources that does not grow with the workloads.
 */
export interface HostRuntime {
  deployHost(host: string, parts: readonly HostPart[], opts: pulumi.CustomResourceOptions): Deployed;
}
