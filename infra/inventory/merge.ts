import { ALL, type Fields, type GroupEntry } from "./model.ts";

/** Keys whose values are joined key by key; any other value replaces the one before. */
const JOINED = ["labels", "nodeLabels"];

/** What each group says, from those that say it first to those whose word counts. */
export type GroupLayers = readonly Readonly<Record<string, Fields | undefined>>[];

/**
 * What is true of a host: what it says itself, else the last of its groups that says it, else the group of all. Within a
 * group the later layer counts.
 */
export function mergeFields(own: Fields, groups: readonly string[], layers: GroupLayers): Fields {
  const said = [ALL, ...groups].flatMap((group) => layers.map((layer) => layer[group] ?? {}));
  return [...said, own].reduce(over, {});
}

function over(below: Fields, above: Fields): Fields {
  const joined = JOINED.filter((key) => isRecord(below[key]) && isRecord(above[key])).map((key) => [
    key,
    { ...(below[key] as object), ...(above[key] as object) },
  ]);
  return { ...below, ...above, ...(Object.fromEntries(joined) as Fields) };
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The layer of a file. */
export function layerOf(groups: Readonly<Record<string, GroupEntry>>): Readonly<Record<string, Fields>> {
  return Object.fromEntries(Object.entries(groups).map(([name, { fields }]) => [name, fields]));
}
