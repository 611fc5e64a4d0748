import type { ScenarioInput } from "../simulator/scenario.ts";

/** Eight GPUs at work, nothing wrong; the last one is cut in two MIG instances. */
export function healthyScenario(gpus: number): ScenarioInput {
  return { gpus, mig: migOnLast(gpus) };
}

/** Two halves of the last GPU; a host with a single GPU keeps it whole. */
export function migOnLast(gpus: number): NonNullable<ScenarioInput["mig"]> {
  if (gpus < 2) return [];
  const instances = [1, 2].map((id) => ({ profile: "3g.40gb", id, share: 0.5 }));
  return [{ gpu: gpus - 1, instances }];
}
