import { programEnvironment } from "../program-environment.ts";
import type { Workload } from "../workload.ts";
import { planPorts } from "./ports.ts";
import { renderProbes } from "./probes.ts";
import type { Scope } from "./scope.ts";
import { renderContainerSecurity } from "./security-context.ts";
import type { Container, EnvVar, VolumeMount } from "./types.ts";

/** What Kubernetes tells each copy about itself. */
const DOWNWARD: Readonly<Record<string, string>> = {
  HOST_NAME: "spec.nodeName",
  HOST_IP: "status.hostIP",
  POD_NAME: "metadata.name",
  POD_IP: "status.podIP",
  POD_NAMESPACE: "metadata.namespace",
};

/** The one container of a pod. */
export function renderContainer({ workload, settings }: Scope, mounts: VolumeMount[]): Container {
  const { image, command } = settings.resolveImage(workload.program);
  return {
    name: workload.service,
    image,
    ...(command === undefined ? {} : { command: [...command] }),
    args: workload.args.map(literal),
    env: renderEnv(workload),
    ports: planPorts(workload).map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })),
    resources: renderResources(workload),
    ...renderProbes(workload),
    securityContext: renderContainerSecurity(workload),
    volumeMounts: mounts,
    // Its last words say why it ended, in `kubectl describe` and in the engine's error.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** Memory is reserved to the limit, as nothing can take it back; CPU has no limit, which would only make it wait. */
function renderResources({ resources: { memoryMiB, cpu } }: Workload) {
  const memory = `${memoryMiB}Mi`;
  return { requests: { cpu: `${Math.ceil(cpu * 1000)}m`, memory }, limits: { memory } };
}

function renderEnv(workload: Workload): EnvVar[] {
  const own: Readonly<Record<string, string>> = {
    ...programEnvironment(workload),
    // Read by NVIDIA's runtime: every GPU, and none of them taken from those who compute on it.
    ...(workload.hostAccess?.gpus === true
      ? { NVIDIA_VISIBLE_DEVICES: "all", NVIDIA_DRIVER_CAPABILITIES: "utility,compute" }
      : {}),
    ...workload.env,
  };
  return [
    ...Object.entries(DOWNWARD).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
    ...Object.entries(own).map(([name, value]) => ({ name, value: literal(value) })),
  ];
}

/** Kubernetes reads `$(NAME)` in arguments and variables; a program gets what its workload says. */
function literal(text: string): string {
  return text.replace(/\$(?=[$(])/g, "$$$$");
}
