import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryLimiter, softLimitMiB } from "../../../components/collector/memory.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { programEnvironment } from "../../../components/runtime/program-environment.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { OFFLINE } from "../../../infra/cli/unavailable.ts";
import { planDeployables } from "../../../infra/deploy/plan.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { planTopology } from "../../../infra/topology/plan.ts";

const collectors = ENVIRONMENT_NAMES.flatMap((stack) =>
  planDeployables(planTopology(readEnvironment(PROJECT_ROOT, stack), OFFLINE))
    .filter(({ workload }) => workload.program === "otelcol")
    .map(({ workload }) => [`${stack}: ${workload.name}`, workload] as const),
);
const goLimitMiB = (workload: Workload) => parseInt(programEnvironment(workload)["GOMEMLIMIT"] ?? "", 10);

describe("a collector's memory", () => {
  it.each(collectors)("is collected before its limiter refuses, whatever runs it: %s", (_, workload) => {
    const { memoryMiB } = workload.resources;
    expect(goLimitMiB(workload)).toBeLessThan(softLimitMiB(memoryMiB));
    // Below it there is room for what lives, and for the garbage of a check interval.
    expect(goLimitMiB(workload)).toBeGreaterThan(memoryMiB / 2);
  });

  it("is refused before the kernel ends the process", () => {
    fc.assert(
      fc.property(fc.integer({ min: 32, max: 65_536 }), (memoryMiB) => {
        const { limit_mib, spike_limit_mib } = memoryLimiter(memoryMiB) as Record<string, number>;
        expect(limit_mib).toBeLessThan(memoryMiB);
        expect((limit_mib ?? 0) - (spike_limit_mib ?? 0)).toBe(softLimitMiB(memoryMiB));
      }),
    );
  });
});
