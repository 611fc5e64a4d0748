/**
 * Values as the engine puts them on the wire: plain JSON, but for secrets, assets and archives, which are objects
 * with a marker, and unknown values, which are reserved strings.
 * Source: `sdk/go/common/resource` and `sdk/nodejs/runtime/rpc.ts` of pulumi/pulumi.
 */
export type Properties = Readonly<Record<string, unknown>>;

const MARKER = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
/** What stands for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Of strings, booleans, numbers, arrays, assets, archives and objects. */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A file or a text that a program hands to a resource. */
export interface Asset {
  readonly kind: "asset" | "archive";
  readonly hash?: string;
  /** Below the program's folder, or absolute. */
  readonly path?: string;
  readonly text?: string;
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && UNKNOWNS.has(value);
}

/** A value the engine must keep encrypted. */
export function toSecret(value: unknown): unknown {
  return isObject(value) && value[MARKER] === SECRET ? value : { [MARKER]: SECRET, value };
}

/** The value without its markers of secrecy, at any depth. */
export function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (!isObject(value)) return value;
  if (value[MARKER] === SECRET) return toPlain(value["value"]);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

/** {@link toPlain} of a property bag. */
export function toPlainProperties(properties: Properties): Properties {
  return toPlain(properties) as Properties;
}

/** Whether anything in it, at any depth, is not known yet. */
export function holdsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return isObject(value) && Object.values(value).some(holdsUnknown);
}

/** The asset or archive a value is, if it is one. */
export function toAsset(value: unknown): Asset | undefined {
  if (!isObject(value) || (value[MARKER] !== ASSET && value[MARKER] !== ARCHIVE)) return undefined;
  const { hash, path, text } = value as { hash?: string; path?: string; text?: string };
  return {
    kind: value[MARKER] === ASSET ? "asset" : "archive",
    ...(hash ? { hash } : {}),
    ...(path ? { path } : {}),
    ...(text === undefined || (text === "" && path) ? {} : { text }),
  };
}

/** Names of the properties that differ; secrecy is no difference, and an asset is what its hash says. */
export function changedProperties(olds: Properties, news: Properties): readonly string[] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => !name.startsWith("__"));
  return names.filter((name) => toComparable(olds[name]) !== toComparable(news[name]));
}

function toComparable(value: unknown): string | undefined {
  return JSON.stringify(toPlain(value), (_key, item: unknown) => {
    const asset = toAsset(item);
    if (asset?.hash !== undefined) return asset.hash;
    return isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item;
  });
}
