import { throwIfAny } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";
import type { Deployable } from "../deploy/deployable.ts";
import { planDeployables } from "../deploy/plan.ts";
import { planTopology, type Unavailable } from "../topology/plan.ts";
import { CATALOGUE } from "../toolchain/catalogue.ts";
import { findFalseLabels } from "../toolchain/true-versions.ts";
import type { PartialSummary, Summary } from "./model.ts";
import { planSummary } from "./plan.ts";
import { filesOf } from "./workloads.ts";

/** One side of a comparison, with the contents that a summary has only the hashes of. */
export interface Side {
  readonly summary: PartialSummary;
  /** Every file, by `<workload>/<file>`. */
  readonly contents: Readonly<Record<string, string>>;
}

/**
 * Plans an environment, of programs that are what their labels say. @param unavailable - what the machine cannot run. @default nothing
 *
 * @throws {ConfigError} when a version's label is not what a build would run
 */
export function planStack(
  environment: Environment,
  unavailable: Unavailable = {},
): Side & { readonly summary: Summary } {
  throwIfAny(Object.entries(CATALOGUE.sources).flatMap(([name, source]) => findFalseLabels(name, source)));
  const topology = planTopology(environment, unavailable);
  const deployables = planDeployables(topology);
  return { summary: planSummary(topology, deployables), contents: contentsOf(deployables) };
}

/** Every file of those workloads, by `<workload>/<file>`. */
export function contentsOf(deployables: readonly Deployable[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    deployables.flatMap((deployable) =>
      Object.entries(filesOf(deployable)).map(([path, text]) => [`${deployable.workload.name}/${path}`, text] as const),
    ),
  );
}
