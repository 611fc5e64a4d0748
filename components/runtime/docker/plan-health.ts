import { planHealthCommand } from "../health-command.ts";
import { CONTAINER_PATHS, within, type Workload } from "../workload.ts";
import type { PlannedFile, PlannedHealthCheck } from "./container-plan.ts";

/** How a container is asked for its health from inside. */
export interface HealthPlan {
  /** Absent where the image holds no program to ask with. */
  readonly check?: PlannedHealthCheck;
  /** What the command reads. */
  readonly files: readonly PlannedFile[];
}

export function planHealthCheck(workload: Workload): HealthPlan {
  const planned = planHealthCommand(workload);
  if (planned === undefined) return { files: [] };
  const { command, files } = planned;
  return {
    check: { command, deadlineSeconds: workload.health.deadlineSeconds },
    files: Object.entries(files).map(([path, text]) => ({
      path: within(CONTAINER_PATHS.config, path),
      content: { text },
    })),
  };
}
