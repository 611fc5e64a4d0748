import { throwIfAny } from "../../components/core/errors.ts";
import { findOccupiedPorts } from "../../components/runtime/process/occupied-ports.ts";
import { type Deployable, findPortClashes } from "../deploy/deployable.ts";
import { planDeployables } from "../deploy/plan.ts";
import { isOwnProgram } from "../deploy/programs.ts";
import type { Environment } from "../environment/schema.ts";
import { planTopology } from "../topology/plan.ts";
import type { Topology } from "../topology/topology.ts";
import { ensureToolchain } from "../toolchain/toolchain.ts";
import { stateFolder } from "./folders.ts";
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
 * @throws {ConfigError} on clashing or occupied ports, before anything is created
 */
export async function prepare(environment: Environment): Promise<Prepared> {
  const wanted = planDeployables(planTopology(environment));
  const programs = new Set(
    wanted.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload.program),
  );
  await ensureToolchain([...programs].filter((name) => !isOwnProgram(name)));
  const topology = planTopology(environment, unavailablePrograms());
  const deployables = planDeployables(topology);
  throwIfAny(findPortClashes(deployables));
  const here = deployables.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload);
  throwIfAny(await findOccupiedPorts(here, stateFolder(environment.name)));
  return { environment, topology, deployables };
}
