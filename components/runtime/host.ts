import * as pulumi from "@pulumi/pulumi";
import { type DeliveryArgs, makeDelivery } from "./delivery.ts";
import type { HostRuntime } from "./host-runtime.ts";
import type { Workload } from "./workload.ts";

export interface HostArgs extends DeliveryArgs {
  /** Everything that runs on the host. */
  readonly workloads: readonly Workload[];
  readonly runtime: HostRuntime;
}

/**
 * All workloads of one host in one piece: creates `${workload}-certificate` for each that asks for one, and what the
 * runtime needs to install the host as a whole.
 *
 * @throws ConfigError when a workload asks for a certificate and there is no authority
 */
export class Host extends pulumi.ComponentResource {
  /** True once every health check has passed. */
  readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { workloads, runtime } = args;
    super("gpuobs:runtime:Host", name, {}, opts);
    const parts = workloads.map((workload) => ({
      workload,
      delivery: makeDelivery(workload.name, workload, args, { parent: this }),
    }));
    this.ready = runtime.deployHost(name, parts, { parent: this }).ready;
    this.registerOutputs({ ready: this.ready });
  }
}
