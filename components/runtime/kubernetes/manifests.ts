import type { Workload } from "../workload.ts";
import { renderCertificates } from "./certificate.ts";
import { renderConfigMaps } from "./config-map.ts";
import { renderDaemonSet } from "./daemon-set.ts";
import { renderDeployment } from "./deployment.ts";
import { renderHorizontalPodAutoscalers } from "./horizontal-pod-autoscaler.ts";
import { renderIngresses } from "./ingress.ts";
import { renderNamespaces } from "./namespace.ts";
import { renderDefaultPolicies, renderNetworkPolicies } from "./network-policy.ts";
import { renderPodDisruptionBudgets } from "./pod-disruption-budget.ts";
import { renderPriorityClasses } from "./priority-class.ts";
import { renderRoles } from "./role.ts";
import { isStateful, type Scope, scopeOf } from "./scope.ts";
import { placeholderSecrets, renderSecrets } from "./secret.ts";
import { renderServiceAccount } from "./service-account.ts";
import { renderServices } from "./service.ts";
import type { KubernetesSettings, SecretMaterial } from "./settings.ts";
import { renderStatefulSet } from "./stateful-set.ts";
import type { Manifest } from "./types.ts";

/** Objects of a workload, by what they are to each other. */
export interface WorkloadManifests {
  /** What pods need before they start. */
  readonly before: readonly Manifest[];
  /** What makes the pods. */
  readonly controller: Manifest;
  /** What looks after pods that are there. */
  readonly after: readonly Manifest[];
}

/**
 * Every object of a workload, in the order in which they are made. Pure.
 *
 * @param secrets - @default placeholders such as `<otlp-token>`
 */
export function renderManifests(
  workload: Workload,
  settings: KubernetesSettings,
  secrets: SecretMaterial = placeholderSecrets(workload),
): readonly Manifest[] {
  const { before, controller, after } = planManifests(workload, settings, secrets);
  return [...before, controller, ...after];
}

export function planManifests(
  workload: Workload,
  settings: KubernetesSettings,
  secrets: SecretMaterial,
): WorkloadManifests {
  const scope = scopeOf(workload, settings, secrets);
  return {
    before: [
      renderServiceAccount(scope),
      ...renderRoles(scope),
      ...renderConfigMaps(scope),
      ...renderSecrets(scope),
      ...renderServices(scope),
      ...renderCertificates(scope),
      ...renderNetworkPolicies(scope),
    ],
    controller: renderController(scope),
    after: [...renderPodDisruptionBudgets(scope), ...renderHorizontalPodAutoscalers(scope), ...renderIngresses(scope)],
  };
}

function renderController(scope: Scope): Manifest {
  if (scope.workload.hostAccess !== undefined) return renderDaemonSet(scope);
  return isStateful(scope.workload) ? renderStatefulSet(scope) : renderDeployment(scope);
}

/** What an environment's workloads share. Pure. */
export function renderFoundation(settings: KubernetesSettings): readonly Manifest[] {
  return [
    ...renderNamespaces(settings),
    ...renderPriorityClasses(),
    ...renderDefaultPolicies(settings.namespace),
    ...renderDefaultPolicies(settings.hostNamespace),
  ];
}
