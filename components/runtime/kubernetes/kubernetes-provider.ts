import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

export interface KubernetesProviderArgs {
  /** Name of the environment: the cluster's identity to the engine, whatever a kubeconfig calls it. */
  readonly environment: string;
  /** Context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
}

/**
 * The cluster of an environment, by KUBECONFIG, else `~/.kube/config`. Server-side apply, which refuses a field that the cluster does not know.
 *
 * Its identity is named, because the engine's guess replaces the provider, and with it every object, when a kubeconfig
 * is merely written anew.
 */
export function kubernetesProvider(
  name: string,
  { environment, context }: KubernetesProviderArgs,
  opts: pulumi.ResourceOptions = {},
): k8s.Provider {
  const args: k8s.ProviderArgs = {
    clusterIdentifier: environment,
    enableServerSideApply: true,
    // Else a changed Secret is deleted first and made anew, and a pod that starts in between does not.
    enableSecretMutable: true,
    ...(context === undefined ? {} : { context }),
  };
  return new k8s.Provider(name, args, opts);
}
