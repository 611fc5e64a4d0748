import { openHashedName } from "./known-hosts-hash.ts";
import type { KnownKey } from "./known-hosts.ts";

/** The lines of a name, in the order of the file. */
export type FindKeys = (name: string) => readonly KnownKey[];

/**
 * Finds lines as OpenSSH does: letters of either case, patterns, negations, hashed names.
 *
 * Plain names are looked up, so a thousand hosts stay linear; patterns and hashed names are asked one by one. A hashed name
 * that was found is nobody else's and is not asked again: a thousand of a thousand hosts take half a second.
 */
export function indexKnownHosts(keys: readonly KnownKey[]): FindKeys {
  const isHashed = ({ names }: KnownKey) => names.startsWith("|");
  const isPlain = (key: KnownKey) => !isHashed(key) && !/[*?!]/.test(key.names);
  const namesIn = (key: KnownKey) => ({ key, names: [...new Set(key.names.toLowerCase().split(","))] });
  const plain = Map.groupBy(
    keys
      .filter(isPlain)
      .map(namesIn)
      .flatMap(({ key, names }) => names.map((name) => ({ name, key }))),
    ({ name }) => name,
  );
  const patterned = keys.filter((key) => !isHashed(key) && !isPlain(key)).map(namesIn);
  let hashed = keys.filter(isHashed).map((key) => ({ key, isOf: openHashedName(key.names) }));
  const found = new Map<string, readonly KnownKey[]>();
  return (asked) => {
    const name = asked.toLowerCase();
    const before = found.get(name);
    if (before !== undefined) return before;
    const bytes = Buffer.from(name);
    const own = hashed.filter(({ isOf }) => isOf(bytes));
    if (own.length > 0) hashed = hashed.filter((line) => !own.includes(line));
    const lines = [
      ...(plain.get(name) ?? []).map(({ key }) => key),
      ...patterned.filter(({ names }) => matchesList(name, names)).map(({ key }) => key),
      ...own.map(({ key }) => key),
    ].sort((one, other) => one.line - other.line);
    found.set(name, lines);
    return lines;
  };
}

/** One pattern at least, and none of those behind a `!`. */
function matchesList(name: string, patterns: readonly string[]): boolean {
  const isNamed = patterns.some((pattern) => matchesPattern(name, pattern));
  return isNamed && !patterns.some((pattern) => pattern.startsWith("!") && matchesPattern(name, pattern.slice(1)));
}

/** `*` for any letters, `?` for one; not an expression, which some patterns would keep busy for ever. */
function matchesPattern(name: string, pattern: string): boolean {
  let [at, next, star, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[next] === "*") [star, resume, next] = [next, at, next + 1];
    else if (pattern[next] === "?" || pattern[next] === name[at]) [at, next] = [at + 1, next + 1];
    else if (star >= 0) [resume, at, next] = [resume + 1, resume + 1, star + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(next));
}
