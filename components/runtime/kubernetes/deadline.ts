import type { CustomTimeouts } from "@pulumi/pulumi";
import type { Workload } from "../workload.ts";
import type { KubernetesSettings } from "./settings.ts";

/** What one copy usually takes to stop and start again, of all the time it may take. */
const USUAL_TURN_SECONDS = 30;
/** A DaemonSet rolls a tenth of its nodes at a time. */
const DAEMON_SET_WAVES = 10;

/** How long the engine waits for pods to become ready before it says what they wait for. */
export function deadlineOf(workload: Workload, settings: Pick<KubernetesSettings, "pullSeconds">): CustomTimeouts {
  const { pullSeconds = 300 } = settings;
  const { health, hostAccess, replicas = 1, maxReplicas = replicas } = workload;
  const turns = hostAccess === undefined ? maxReplicas : DAEMON_SET_WAVES;
  return {
    create: `${pullSeconds + health.deadlineSeconds}s`,
    update: `${pullSeconds + health.deadlineSeconds + turns * USUAL_TURN_SECONDS}s`,
    delete: "10m",
  };
}
