import { ConfigError, type Problem, throwIfAny } from "../../components/core/errors.ts";
import { type Deployable, findPortClashes } from "../deploy/deployable.ts";
import { planDeployables } from "../deploy/plan.ts";
import { isOwnProgram } from "../deploy/programs.ts";
import type { Environment } from "../environment/schema.ts";
import { planTopology } from "../topology/plan.ts";
import type { Topology } from "../topology/topology.ts";
import { ensureToolchain } from "../toolchain/toolchain.ts";
import { findOccupied } from "./occupied.ts";
import { unavailablePrograms } from "./unavailable.ts";

/** What is known before the engine starts. */
export interface Prepared {
  readonly environment: Environment;
  readonly topology: Topology;
  readonly deployables: readonly Deployable[];
}

/**
 * Obtains the programs an environment runs here, plans it, and refuses what cannot work.
 *
 * @param onOccupied - told of ports that something else holds. @default refuses them
 * @throws {ConfigError} on clashing or occupied ports, before anything is created
 */
export async function prepare(
  environment: Environment,
  onOccupied: (problems: readonly Problem[]) => void = throwIfAny,
): Promise<Prepared> {
  const wanted = planDeployables(planTopology(environment));
  const programs = new Set(
    wanted.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload.program),
  );
  await ensureToolchain([...programs].filter((name) => !isOwnProgram(name)));
  const topology = planTopology(environment, unavailablePrograms());
  const deployables = planDeployables(topology);
  throwIfAny(findPortClashes(deployables));
  const here = deployables.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload);
  onOccupied(await findOccupied(here, environment));
  return { environment, topology, deployables };
}

/** For a command that changes nothing: it needs no port itself. */
export function warnOfOccupied(problems: readonly Problem[]): void {
  if (problems.length > 0) console.warn(`warning: \`up\` will refuse ${new ConfigError(problems).message}`);
}
