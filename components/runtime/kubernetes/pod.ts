import { renderContainer } from "./container.ts";
import { componentOf } from "./labels.ts";
import { priorityClassName } from "./priority-class.ts";
import { needsApi } from "./role.ts";
import type { Scope } from "./scope.ts";
import { SECRETS_DIGEST } from "./secret.ts";
import { renderPodSecurity } from "./security-context.ts";
import type { GpuToleration, KubernetesSettings } from "./settings.ts";
import { renderSpread } from "./spread.ts";
import type { PodSpec, PodTemplate } from "./types.ts";
import { renderVolumes } from "./volumes.ts";

/** Flushing a head block or a batch to a slow disk; a queue waits on the disk itself. */
const FLUSH_SECONDS = 300;
const STOP_SECONDS = 60;

/** The pod of every kind of set. */
export function renderPod(scope: Scope): PodTemplate {
  const { workload, labels, secrets, settings } = scope;
  const { imagePullSecrets = [] } = settings;
  const { volumes, mounts } = renderVolumes(scope);
  const hasSecrets = Object.keys(secrets.files).length > 0;
  return {
    metadata: { labels, ...(hasSecrets ? { annotations: { [SECRETS_DIGEST]: secrets.digest } } : {}) },
    spec: {
      serviceAccountName: workload.name,
      ...(imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      automountServiceAccountToken: needsApi(workload),
      // Variables such as LOKI_PORT, which programs would take for settings.
      enableServiceLinks: false,
      priorityClassName: priorityClassName(componentOf(workload)),
      terminationGracePeriodSeconds: graceSeconds(scope),
      securityContext: renderPodSecurity(workload),
      ...renderSpread(scope),
      ...renderNode(scope),
      containers: [renderContainer(scope, mounts)],
      volumes,
    },
  };
}

/** Longer than anything it writes out at its end. */
export function graceSeconds({ workload }: Pick<Scope, "workload">): number {
  return workload.volumes.some(({ stateful }) => stateful) ? FLUSH_SECONDS : STOP_SECONDS;
}

/** GPU nodes alone, on their own network: what listens on loopback is reached as on any other host. */
function renderNode({ workload, settings }: Scope): Omit<PodSpec, "containers"> {
  const { hostAccess } = workload;
  if (hostAccess === undefined) return {};
  return {
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    ...(hostAccess.processes ? { hostPID: true } : {}),
    ...(hostAccess.gpus && settings.runtimeClass !== undefined ? { runtimeClassName: settings.runtimeClass } : {}),
    nodeSelector: { ...settings.gpuNodeSelector, ...hostAccess.nodeLabels },
    tolerations: renderTolerations(settings),
  };
}

function renderTolerations({ gpuTolerations }: KubernetesSettings) {
  return gpuTolerations.map(({ key, value, effect }: GpuToleration) => ({
    key,
    ...(value === undefined ? { operator: "Exists" } : { operator: "Equal", value }),
    ...(effect === undefined ? {} : { effect }),
  }));
}
