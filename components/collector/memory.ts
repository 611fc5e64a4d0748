/**
 * Shares of a collector's hard memory limit, planned together: Go collects garbage harder before the limiter refuses, so
 * that garbage alone never turns data away, and the limiter refuses before the kernel ends the process.
 */
const SHARES = { go: 0.55, limit: 0.8, spike: 0.2 } as const;

/** The memory limiter of a collector. It refuses from {@link softLimitMiB} on. */
export function memoryLimiter(memoryMiB: number): object {
  const { limit, spike } = toMiB(memoryMiB);
  return { check_interval: "1s", limit_mib: limit, spike_limit_mib: spike };
}

/** Live memory in MiB at which a collector begins to refuse data. */
export function softLimitMiB(memoryMiB: number): number {
  const { limit, spike } = toMiB(memoryMiB);
  return limit - spike;
}

/** Go's own limit for a collector, as an environment variable. */
export function goMemoryLimit(memoryMiB: number): Readonly<Record<"GOMEMLIMIT", string>> {
  return { GOMEMLIMIT: `${toMiB(memoryMiB).go}MiB` };
}

/**
 * Lets the heap of a gateway grow to five times what lives before garbage is collected: every request passes several
 * disk-backed queues, whose garbage is most of what is allocated (decision 21). {@link goMemoryLimit} stays the ceiling.
 */
export const RARE_COLLECTION = { GOGC: "400" } as const;

function toMiB(memoryMiB: number) {
  const part = (share: number) => Math.floor(memoryMiB * share);
  return { go: part(SHARES.go), limit: part(SHARES.limit), spike: part(SHARES.spike) };
}
