import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Manifest } from "./types.ts";

type Create = (name: string, manifest: never, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** A kind that somebody installed: the engine knows its object by what it says it is. */
const custom: Create = (...args) => new k8s.apiextensions.CustomResource(...args);

/** The resource of every kind that a renderer makes. */
const CREATE: Readonly<Record<string, Create>> = {
  Certificate: custom,
  ClusterRole: (...args) => new k8s.rbac.v1.ClusterRole(...args),
  ClusterRoleBinding: (...args) => new k8s.rbac.v1.ClusterRoleBinding(...args),
  ConfigMap: (...args) => new k8s.core.v1.ConfigMap(...args),
  DaemonSet: (...args) => new k8s.apps.v1.DaemonSet(...args),
  Deployment: (...args) => new k8s.apps.v1.Deployment(...args),
  HorizontalPodAutoscaler: (...args) => new k8s.autoscaling.v2.HorizontalPodAutoscaler(...args),
  Ingress: (...args) => new k8s.networking.v1.Ingress(...args),
  Namespace: (...args) => new k8s.core.v1.Namespace(...args),
  NetworkPolicy: (...args) => new k8s.networking.v1.NetworkPolicy(...args),
  PodDisruptionBudget: (...args) => new k8s.policy.v1.PodDisruptionBudget(...args),
  PodMonitor: custom,
  PriorityClass: (...args) => new k8s.scheduling.v1.PriorityClass(...args),
  PrometheusRule: custom,
  Secret: (...args) => new k8s.core.v1.Secret(...args),
  Service: (...args) => new k8s.core.v1.Service(...args),
  ServiceAccount: (...args) => new k8s.core.v1.ServiceAccount(...args),
  StatefulSet: (...args) => new k8s.apps.v1.StatefulSet(...args),
};

/** @throws {Error} on a kind that has no entry above: a renderer and this table have drifted apart */
export function createObject(
  name: string,
  manifest: Manifest,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const create = CREATE[manifest.kind];
  if (create === undefined) throw new Error(`no resource for kind ${manifest.kind}: add it to create.ts`);
  return create(name, manifest as never, opts);
}

/** `gateway-stateful-set`: name in the engine's state of an object whose own name stays. */
export function resourceName(name: string, { kind }: Pick<Manifest, "kind">): string {
  return `${name}${kind.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`;
}
