import * as pulumi from "@pulumi/pulumi";
import { type DeliveryArgs, makeDelivery } from "./delivery.ts";
import type { Runtime } from "./runtime.ts";
import type { Workload } from "./workload.ts";

export interface ServiceArgs extends DeliveryArgs {
  readonly workload: Workload;
  readonly runtime: Runtime;
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
    const { workload, runtime } = args;
    super("gpuobs:runtime:Service", name, { service: workload.service }, opts);
    const delivery = makeDelivery(name, workload, args, { parent: this });
    this.ready = runtime.deploy(workload, delivery, { parent: this }).ready;
    this.registerOutputs({ ready: this.ready });
  }
}
