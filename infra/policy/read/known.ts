import type { Tree } from "../model.ts";

/**
 * A plain copy in which values the engine does not know yet are undefined. In a preview the engine hands out
 * proxies that throw when such a value is touched, and a rule judges what is known.
 */
export function knownOf(value: unknown): unknown {
  if (Array.isArray(value))
    return Array.from({ length: value.length }, (_, index) => knownNow(() => knownOf(value[index])));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.keys(value).map((key) => [key, knownNow(() => knownOf((value as Tree)[key]))] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/** A value of a request, undefined where the engine does not know it yet. */
export function knownNow<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    // The SDK does not export the class.
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return undefined;
    throw error;
  }
}

/** A tree below a key, empty where there is none. */
export function treeAt(value: unknown, ...path: readonly string[]): Tree {
  const found = at(value, ...path);
  return isTree(found) ? found : {};
}

/** A list of trees below a key. */
export function treesAt(value: unknown, ...path: readonly string[]): readonly Tree[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isTree) : [];
}

/** A list of texts below a key. */
export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((item): item is string => typeof item === "string") : [];
}

/** A text below a key, empty where there is none; numbers as text. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean" ? String(found) : "";
}

/** A number below a key. */
export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  if (typeof found === "number") return found;
  return typeof found === "string" && /^\d+(\.\d+)?$/.test(found) ? Number(found) : undefined;
}

/** The values of a map that are text. */
export function textMapAt(value: unknown, ...path: readonly string[]): Readonly<Record<string, string>> {
  const entries = Object.entries(treeAt(value, ...path));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

export function isTree(value: unknown): value is Tree {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => (isTree(found) ? found[key] : undefined), value);
}
