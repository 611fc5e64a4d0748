import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

export interface KubernetesProviderArgs {
  /** Name of the environment: the cluster's identity to the engine, whatever a kubeconfig calls it. */
  readonly environment: string;
  /** Context of the kubeconfig. @default its current one */
  readonly context?: string | undefined;
  /** Path or text of a kubeconfig. @default KUBECONFIG, then `~/.kube/config` */
  readonly kubeconfig?: pulumi.Input<string> | undefined;
  /** Write the objects to this folder in the place of a cluster, secrets in plain text. */
  readonly renderYamlToDirectory?: string | undefined;
}

/**
 * The cluster of an environment. Server-side apply, which refuses a field that the cluster does not know.
 *
 * Its identity is named, because the engine's guess replaces the provider, and with it every object, when a kubeconfig
 * is merely written anew.
 */
export function kubernetesProvider(
  name: string,
  { environment, context, kubeconfig, renderYamlToDirectory }: KubernetesProviderArgs,
  opts: pulumi.ResourceOptions = {},
): k8s.Provider {
  if (renderYamlToDirectory !== undefined) {
    // The plugin takes either a folder or a cluster, and the SDK would fill in KUBECONFIG.
    return new k8s.Provider(name, { renderYamlToDirectory, kubeconfig: "" }, opts);
  }
  const args: k8s.ProviderArgs = {
    clusterIdentifier: environment,
    enableServerSideApply: true,
    // Else a changed Secret is deleted first and made anew, and a pod that starts in between does not.
    enableSecretMutable: true,
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
  return new k8s.Provider(name, args, opts);
}
