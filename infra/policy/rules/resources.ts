import type { PolicyRule } from "../model.ts";

/** One program never takes the machine from the others. */
export const requestsAndLimits: PolicyRule = {
  name: "requests-and-limits",
  description: "Every container states what it needs and a memory limit (S4-35).",
  fix: "set <service>.memoryMiB; CPU comes from the workload's `resources`",
  check: ({ units }) =>
    units
      .filter(({ runtime }) => runtime !== "process")
      .flatMap(({ where, urn, runtime, limits = {} }) => {
        const needed: readonly (readonly [string, number | undefined])[] = [
          ["memory limit", limits.memoryMiB],
          // Docker and systemd reserve nothing.
          ...(runtime !== "kubernetes"
            ? []
            : [["memory request", limits.requestsMemoryMiB] as const, ["CPU request", limits.requestsCpu] as const]),
        ];
        const absent = needed.filter(([, value]) => value === undefined || value <= 0).map(([name]) => name);
        return absent.length === 0 ? [] : [{ where, urn, what: `no ${absent.join(", no ")}` }];
      }),
};
