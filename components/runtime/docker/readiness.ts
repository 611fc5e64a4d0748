import * as pulumi from "@pulumi/pulumi";
import { moduleProvider } from "../../security/module-provider.ts";
import type { DeliveredCertificate } from "../runtime.ts";
import type { Probe } from "./container-plan.ts";

export interface ReadinessArgs {
  readonly probe: Probe;
  /** Name of the container, for a message. */
  readonly container: string;
  /** A new container is asked anew. */
  readonly containerId: pulumi.Input<string>;
  /** The workload's own leaf, which is also a client certificate. */
  readonly identity: DeliveredCertificate | undefined;
}

/** Waits until a container answers its health check with 2xx; fails at the deadline with its last answer. */
export class Readiness extends pulumi.dynamic.Resource {
  declare readonly ready: pulumi.Output<boolean>;

  constructor(name: string, args: ReadinessArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { probe, container, containerId, identity } = args;
    super(
      moduleProvider("components/runtime/docker/readiness-provider.ts", "readinessProvider"),
      name,
      {
        probe,
        container,
        containerId,
        identity: pulumi.secret(identity === undefined ? {} : { ...identity }),
        ready: undefined,
      },
      opts,
      "gpuobs/runtime",
      "Readiness",
    );
  }
}
