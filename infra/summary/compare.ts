import { hashOf } from "../../components/core/hash.ts";

/** What two sets of named things have alone and together. */
export interface Comparison<T> {
  readonly added: readonly (readonly [name: string, now: T])[];
  readonly removed: readonly (readonly [name: string, before: T])[];
  readonly kept: readonly (readonly [name: string, before: T, now: T])[];
}

/** Compares two sets of things by name. */
export function compare<T>(before: Readonly<Record<string, T>>, now: Readonly<Record<string, T>>): Comparison<T> {
  const has = (record: object, name: string) => Object.hasOwn(record, name);
  const entries = Object.entries(now);
  return {
    added: entries.filter(([name]) => !has(before, name)),
    removed: Object.entries(before).filter(([name]) => !has(now, name)),
    kept: entries
      .filter(([name]) => has(before, name))
      .map(([name, value]) => [name, before[name] as T, value] as const)
      .filter(([, old, value]) => hashOf(old) !== hashOf(value)),
  };
}

/** `noun before -> now` of every property that differs, by the nouns given for them. */
export function describeProperties<T extends object>(
  before: T,
  now: T,
  nouns: { readonly [Property in keyof T]?: string | undefined },
): readonly string[] {
  return (Object.entries(nouns) as [keyof T, string | undefined][])
    .filter(([property, noun]) => noun !== undefined && hashOf(before[property]) !== hashOf(now[property]))
    .map(([property, noun]) => `${noun} ${show(before[property])} -> ${show(now[property])}`);
}

function show(value: unknown): string {
  if (value === undefined) return "none";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.join(" + ");
  return String(value);
}
