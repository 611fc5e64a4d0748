import { toYaml } from "../../core/yaml.ts";
import type { ScenarioInput } from "../simulator/scenario.ts";
import { healthyScenario } from "./healthy.ts";
import { idleGpuScenario } from "./idle-gpu.ts";
import { oneSickGpuScenario } from "./one-sick-gpu.ts";

/** What a simulated host goes through. */
export type ScenarioName = "healthy" | "idle-gpu" | "one-sick-gpu";

const SCENARIOS: Readonly<Record<ScenarioName, (gpus: number) => ScenarioInput>> = {
  healthy: healthyScenario,
  "idle-gpu": idleGpuScenario,
  "one-sick-gpu": oneSickGpuScenario,
};

/** The scenario file of a host. */
export function toScenarioYaml(name: ScenarioName, gpus: number): string {
  return toYaml(SCENARIOS[name](gpus));
}
