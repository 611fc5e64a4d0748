import type { Workload } from "./workload.ts";

/** Share of the hard memory limit at which Go programs collect garbage harder, where a workload plans no other. */
const GO_MEMORY_SHARE = 0.8;

/** Environment variables of a workload's program in every runtime: Go's memory limit, then what the workload says itself. */
export function programEnvironment({
  resources: { memoryMiB },
  env,
}: Pick<Workload, "resources" | "env">): Readonly<Record<string, string>> {
  return { GOMEMLIMIT: `${Math.floor(memoryMiB * GO_MEMORY_SHARE)}MiB`, ...env };
}
