import type { PolicyRule, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { numberAt, textAt } from "../read/known.ts";

/** A collector refuses data before the kernel kills it. */
export const memoryLimiterFirst: PolicyRule = {
  name: "collector-memory-limiter-first",
  description:
    "In every pipeline that takes data in, memory_limiter is first, below the memory limit and above Go's own (S2-66).",
  fix: "put memory_limiter first in components/collector/render-agent.ts or render-gateway.ts",
  check: ({ units }) => collectorsOf(units).flatMap((view) => [...checkPipelines(view), ...checkLimit(view)]),
};

function checkPipelines({ unit, pipelines, connectors }: CollectorView): readonly Violation[] {
  return (
    pipelines
      // What comes from a connector was let in by the pipeline before it.
      .filter(({ receivers }) => receivers.some((id) => !(id in connectors)))
      .filter(({ processors }) => typeOf(processors[0] ?? "") !== "memory_limiter")
      .map(({ name, processors }) => ({
        where: `${unit.where}: pipeline ${name}`,
        urn: unit.urn,
        what: `its first processor is ${processors[0] ?? "missing"}, not memory_limiter`,
      }))
  );
}

function checkLimit({ unit, processors }: CollectorView): readonly Violation[] {
  const limit = unit.limits?.memoryMiB;
  return Object.entries(processors)
    .filter(([id]) => typeOf(id) === "memory_limiter")
    .flatMap(([id, processor]) => {
      const where = `${unit.where}: ${id}`;
      const report = (what: string): Violation[] => [{ where, urn: unit.urn, what }];
      if (textAt(processor, "check_interval") === "") return report("has no check_interval and never looks");
      const own = numberAt(processor, "limit_mib");
      if (own === undefined && numberAt(processor, "limit_percentage") === undefined) return report("has no limit");
      if (own !== undefined && limit !== undefined && own >= limit) {
        return report(`refuses from ${own} MiB on, the kernel kills at ${limit} MiB`);
      }
      const soft = own === undefined ? undefined : own - (numberAt(processor, "spike_limit_mib") ?? own / 5);
      const go = goLimitOf(unit);
      if (soft !== undefined && go !== undefined && go >= soft) {
        return report(`refuses from ${soft} MiB on, Go lets garbage grow to ${go} MiB`);
      }
      return [];
    });
}

/** Limit up to which Go lets garbage grow, in MiB; undefined where no such limit is stated. */
function goLimitOf({ env }: CollectorView["unit"]): number | undefined {
  const [, mebibytes] = /^(\d+)MiB$/.exec(env["GOMEMLIMIT"] ?? "") ?? [];
  return mebibytes === undefined ? undefined : Number(mebibytes);
}
