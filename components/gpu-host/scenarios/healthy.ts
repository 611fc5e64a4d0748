import type { ScenarioInput } from "../simulator/scenario.ts";

/** Eight GPUs at work, nothing wrong; the last one is cut in two MIG instances, the others run two jobs. */
export function healthyScenario(gpus: number): ScenarioInput {
  return { gpus, mig: migOnLast(gpus), jobs: jobsOf(gpus) };
}

/** Two halves of the last GPU; a host with a single GPU keeps it whole. */
export function migOnLast(gpus: number): NonNullable<ScenarioInput["mig"]> {
  if (gpus < 2) return [];
  const instances = [1, 2].map((id) => ({ profile: "3g.40gb", id, share: 0.5 }));
  return [{ gpu: gpus - 1, instances }];
}

/** A job on each half of the GPUs that are not in MIG mode, which is for work no scheduler gives out. */
export function jobsOf(gpus: number): NonNullable<ScenarioInput["jobs"]> {
  const whole = Array.from({ length: Math.max(1, gpus - 1) }, (_, index) => index);
  const half = Math.ceil(whole.length / 2);
  return [
    { id: "48211", gpus: whole.slice(0, half) },
    { id: "48212", gpus: whole.slice(half) },
  ].filter((job) => job.gpus.length > 0);
}
