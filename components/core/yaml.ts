import { stringify } from "yaml";

/** Levels of a document whose entries are written each by itself. */
const LEVELS_APART = 3;
/** More than any environment has different entries: a thousand agents differ in two each. */
const MOST_KEPT = 20_000;

const written = new Map<string, string>();

/**
 * The one serialiser of configuration files.
 *
 * YAML 1.1, because that is what most Go programs here still parse: it quotes `on`, `y` and `0o7`
 * where a 1.2 writer would not.
 *
 * Entries of the upper levels are written once for all documents that have them: the agents of a thousand hosts
 * differ in few, and writing YAML is what planning them costs.
 */
export function toYaml(value: unknown): string {
  return isMap(value) ? entriesToYaml(value, LEVELS_APART) : write(value);
}

function entriesToYaml(map: Readonly<Record<string, unknown>>, levels: number): string {
  return Object.entries(map)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => (levels > 1 && isMap(item) ? nested(key, item, levels - 1) : writeOnce({ [key]: item })))
    .join("");
}

function nested(key: string, map: Readonly<Record<string, unknown>>, levels: number): string {
  // A key by itself, without the value it would be given.
  const head = writeOnce({ [key]: { key: 1 } }).split("\n")[0] ?? "";
  // Not `m` and `^`: to them U+2028, which a text may hold as it is, begins a line too.
  return `${head}\n${entriesToYaml(map, levels).replaceAll(/(^|\n)(?=[^\n])/g, "$1  ")}`;
}

function writeOnce(entry: Readonly<Record<string, unknown>>): string {
  const name = JSON.stringify(entry);
  const known = written.get(name);
  if (known !== undefined) return known;
  const text = write(entry);
  if (written.size >= MOST_KEPT) written.clear();
  written.set(name, text);
  return text;
}

function write(value: unknown): string {
  return stringify(value, { version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 });
}

/** A plain object with something in it. */
function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some((item) => item !== undefined);
}

/** Indented JSON with a final newline. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
