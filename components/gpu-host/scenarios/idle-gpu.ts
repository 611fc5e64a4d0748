import type { ScenarioInput } from "../simulator/scenario.ts";
import { healthyScenario } from "./healthy.ts";

/** A healthy host, of which one job leaves its first GPU idle: paid for, allocated, and without work. */
export function idleGpuScenario(gpus: number): ScenarioInput {
  return { ...healthyScenario(gpus), events: [{ atSeconds: 0, gpu: 0, event: "idle" }] };
}
