import { planDeployables } from "../deploy/plan.ts";
import { isOwnProgram } from "../deploy/programs.ts";
import { readEnvironment } from "../environment/load.ts";
import { planTopology } from "../topology/plan.ts";
import { ENGINE_PROGRAMS } from "./engine.ts";
import { PROJECT_ROOT } from "./folders.ts";

/** Programs that check configurations: not part of any environment. */
const CHECKERS = ["promtool", "amtool"] as const;

/** Every program that `local` and the tests run. */
export function localPrograms(): readonly string[] {
  const deployables = planDeployables(planTopology(readEnvironment(PROJECT_ROOT, "local")));
  const programs = deployables.map(({ workload }) => workload.program).filter((name) => !isOwnProgram(name));
  return [...new Set([...ENGINE_PROGRAMS, ...programs, ...CHECKERS])];
}
