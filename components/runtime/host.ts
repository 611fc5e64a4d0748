import * as pulumi from "@pulumi/pulumi";
import { type DeliveryArgs, makeDelivery } from "./delivery.ts";
import type { HostRuntime } from "./host-runtime.ts";
import type { Workload } from "./workload.ts";

export interface HostArgs extends DeliveryArgs {
  /** Everything that runs on the host. */
  readonly workloads: readonly Workload[];
  readonly runtime: HostRuntime;
  /**
   * Keeps what is installed, whatever this program says now: the host is not reached, and when it is taken out it is
   * forgotten, not cleaned. @default false
   */
  readonly untouched?: boolean;
  /** What must have succeeded before the host is reached. @default nothing */
  readonly after?: pulumi.Resource | undefined;
}

/** Every input stays as the state has it, so there is never anything to do. */
const UNTOUCHED: pulumi.CustomResourceOptions = { ignoreChanges: ["*"], retainOnDelete: true };

/**
 * All workloads of one host in one piece: creates `${workload}-certificate` for each that asks for one, and what the
 * runtime needs to install the host as a whole.
 *
 * @throws ConfigError when a workload asks for a certificate and there is no authority
 */
export class Host extends pulumi.ComponentResource {
  /** True once every health check has passed. */
  readonly ready: pulumi.Output<boolean>;
  /** The resource that succeeds when the host runs what it was given. */
  readonly installation: pulumi.Resource;

  constructor(name: string, args: HostArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { workloads, runtime, untouched = false, after } = args;
    super("gpuobs:runtime:Host", name, {}, opts);
    const parts = workloads.map((workload) => ({
      workload,
      delivery: makeDelivery(workload.name, workload, args, { parent: this }),
    }));
    const installation = runtime.deployHost(name, parts, {
      parent: this,
      ...(untouched ? UNTOUCHED : {}),
      ...(after === undefined ? {} : { dependsOn: [after] }),
    });
    this.installation = installation;
    this.ready = installation.ready;
    this.registerOutputs({ ready: this.ready });
  }
}
