import * as pulumi from "@pulumi/pulumi";
import type { Delivery, Deployed, Runtime } from "../runtime.ts";
import type { Workload } from "../workload.ts";
import type { KubernetesFoundation } from "./kubernetes-foundation.ts";
import { KubernetesWorkload } from "./kubernetes-workload.ts";
import type { KubernetesSettings } from "./settings.ts";

export interface KubernetesRuntimeArgs {
  readonly settings: KubernetesSettings;
  /** The cluster. */
  readonly provider: pulumi.ProviderResource;
  /** Made before any workload, removed after all. */
  readonly foundation: KubernetesFoundation;
}

/** Runs workloads on a Kubernetes cluster. */
export class KubernetesRuntime implements Runtime {
  private readonly args: KubernetesRuntimeArgs;

  constructor(args: KubernetesRuntimeArgs) {
    this.args = args;
  }

  /** How objects that are no workload's are made: on the same cluster, once its namespaces are there. */
  get besides(): pulumi.ComponentResourceOptions {
    const { provider, foundation } = this.args;
    return { providers: [provider], dependsOn: [foundation] };
  }

  /** @throws ConfigError when a secret or certificate the workload needs was not delivered */
  deploy(workload: Workload, delivery: Delivery, opts: pulumi.CustomResourceOptions): Deployed {
    const { settings } = this.args;
    const all = pulumi.mergeOptions(opts as pulumi.ComponentResourceOptions, this.besides);
    return new KubernetesWorkload(`${workload.name}-kubernetes`, { workload, settings, delivery }, all);
  }
}
