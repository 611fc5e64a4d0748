import type {
  apps,
  autoscaling,
  core,
  meta,
  networking,
  policy,
  rbac,
  scheduling,
} from "@pulumi/kubernetes/types/input.js";

/** The provider's own input types: a field it does not know does not compile. */
export type ConfigMap = core.v1.ConfigMap;
export type Container = core.v1.Container;
export type DaemonSet = apps.v1.DaemonSet;
export type Deployment = apps.v1.Deployment;
export type EnvVar = core.v1.EnvVar;
export type HorizontalPodAutoscaler = autoscaling.v2.HorizontalPodAutoscaler;
export type Ingress = networking.v1.Ingress;
export type LabelSelector = meta.v1.LabelSelector;
export type Namespace = core.v1.Namespace;
export type NetworkPolicy = networking.v1.NetworkPolicy;
export type ObjectMeta = meta.v1.ObjectMeta;
export type PersistentVolumeClaim = core.v1.PersistentVolumeClaim;
export type PodDisruptionBudget = policy.v1.PodDisruptionBudget;
export type PodSecurityContext = core.v1.PodSecurityContext;
export type PodSpec = core.v1.PodSpec;
export type PodTemplate = core.v1.PodTemplateSpec;
export type PriorityClass = scheduling.v1.PriorityClass;
export type Probe = core.v1.Probe;
export type Role = rbac.v1.ClusterRole;
export type RoleBinding = rbac.v1.ClusterRoleBinding;
export type Secret = core.v1.Secret;
export type SecurityContext = core.v1.SecurityContext;
export type Service = core.v1.Service;
export type ServiceAccount = core.v1.ServiceAccount;
export type StatefulSet = apps.v1.StatefulSet;
export type Volume = core.v1.Volume;
export type VolumeMount = core.v1.VolumeMount;

/** cert-manager's own kind, as far as it is used here: https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.Certificate */
export interface Certificate {
  readonly apiVersion: "cert-manager.io/v1";
  readonly kind: "Certificate";
  readonly metadata: ObjectMeta;
  readonly spec: {
    /** Secret of type `kubernetes.io/tls` that cert-manager makes. */
    readonly secretName: string;
    readonly dnsNames: readonly string[];
    readonly issuerRef: { readonly group: "cert-manager.io"; readonly kind: string; readonly name: string };
    readonly usages: readonly string[];
    readonly privateKey: { readonly algorithm: "ECDSA"; readonly size: number; readonly rotationPolicy: "Always" };
  };
}

/** The Prometheus Operator's rules, as far as they are used here: https://prometheus-operator.dev/docs/api-reference/api/ */
export interface PrometheusRule {
  readonly apiVersion: "monitoring.coreos.com/v1";
  readonly kind: "PrometheusRule";
  readonly metadata: ObjectMeta & { readonly name: string };
  readonly spec: { readonly groups: readonly { readonly name: string; readonly rules: readonly object[] }[] };
}

/** What it is told to scrape; a file of TLS is a key of a Secret in the object's own namespace. */
export interface PodMonitor {
  readonly apiVersion: "monitoring.coreos.com/v1";
  readonly kind: "PodMonitor";
  readonly metadata: ObjectMeta & { readonly name: string };
  readonly spec: {
    /** Label of the pods that becomes `job`. */
    readonly jobLabel: string;
    readonly selector: LabelSelector;
    readonly podMetricsEndpoints: readonly object[];
  };
}

/** Any object of a workload, with what every object has. */
export type Manifest = (
  | Certificate
  | ConfigMap
  | DaemonSet
  | Deployment
  | HorizontalPodAutoscaler
  | Ingress
  | Namespace
  | NetworkPolicy
  | PodDisruptionBudget
  | PodMonitor
  | PriorityClass
  | PrometheusRule
  | Role
  | RoleBinding
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet
) & { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } };
