/** What a change is about, in the order of a report. The last three follow from the others. */
export const GROUPS = [
  "hosts",
  "sampling",
  "thresholds",
  "alerts",
  "receivers",
  "images",
  "workloads",
  "sizes",
  "ports",
  "settings",
  "retention",
  "dashboards",
  "files",
  "cost",
] as const;

export type Group = (typeof GROUPS)[number];

/** One thing that differs, in words. */
export interface Change {
  readonly group: Group;
  /** Such as `threshold gpu.temperature 85 -> 90`. */
  readonly what: string;
  /** Whom it touches: `alert GpuTooHot`, workloads; none where `what` says it all. */
  readonly of: readonly string[];
}

/** Joins changes that say the same of several. */
export function mergeChanges(changes: readonly Change[]): readonly Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const key = `${change.group} ${change.what}`;
    const earlier = merged.get(key);
    merged.set(key, earlier === undefined ? change : { ...earlier, of: [...earlier.of, ...change.of] });
  }
  return GROUPS.flatMap((group) => [...merged.values()].filter((change) => change.group === group));
}

const NAMED = 6;

/** A change on one line. */
export function toLine({ what, of }: Change): string {
  if (of.length === 0) return what;
  const rest = of.length - NAMED;
  return `${what}: ${of.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Changes by group, groups without any left out. */
export function byGroup(changes: readonly Change[]): readonly (readonly [group: Group, changes: readonly Change[]])[] {
  return GROUPS.map((group) => [group, changes.filter((change) => change.group === group)] as const).filter(
    ([, own]) => own.length > 0,
  );
}
