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

  /** @throws ConfigError when a secret or certificate the workload needs was not delivered */
  deploy(workload: Workload, delivery: Delivery, opts: pulumi.CustomResourceOptions): Deployed {
    const { settings, provider, foundation } = this.args;
    const own: pulumi.ComponentResourceOptions = { providers: [provider], dependsOn: [foundation] };
    const all = pulumi.mergeOptions(opts as pulumi.ComponentResourceOptions, own);
    return new KubernetesWorkload(`${workload.name}-kubernetes`, { workload, settings, delivery }, all);
  }
}
