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

/** Any object of a workload, with what every object has. */
export type Manifest = (
  | ConfigMap
  | DaemonSet
  | Deployment
  | HorizontalPodAutoscaler
  | Namespace
  | NetworkPolicy
  | PodDisruptionBudget
  | PriorityClass
  | Role
  | RoleBinding
  | Secret
  | Service
  | ServiceAccount
  | StatefulSet
) & { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } };
