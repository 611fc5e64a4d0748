import { parse } from "yaml";
import type { Tree } from "../model.ts";
import { isTree } from "./known.ts";

/** Levels of a document whose entries are parsed each by itself. */
const LEVELS_APART = 3;

const trees = new Map<string, Tree | undefined>();
const entries = new Map<string, Tree>();

/**
 * YAML or JSON as a tree; undefined for any other text. Every rule asks for the same files: each is parsed once. And
 * what documents share is parsed once for all of them: the agents of a thousand hosts differ in a few entries, and
 * reading their configurations is what judging them costs.
 */
export function parseTree(text: string): Tree | undefined {
  if (!trees.has(text)) trees.set(text, attempt(() => inParts(text, LEVELS_APART)) ?? attempt(() => whole(text)));
  return trees.get(text);
}

/** Undefined where the text is not what {@link splitEntries} takes apart; throws where a part cannot stand alone. */
function inParts(text: string, levels: number): Tree | undefined {
  const parts = splitEntries(text);
  if (parts === undefined) return undefined;
  const tree = parts.map(({ key, body, source }) => {
    const below = levels > 1 && body !== undefined ? inParts(body, levels - 1) : undefined;
    return [key, below ?? parseOnce(source)[key]] as const;
  });
  return Object.fromEntries(tree);
}

interface Entry {
  readonly key: string;
  /** Whole text of the entry. */
  readonly source: string;
  /** Its lines below the key without their indentation; undefined where a value stands beside the key. */
  readonly body: string | undefined;
}

/** Entries of a block of plain keys, each indented by two; undefined for anything else, such as a comment or a list. */
function splitEntries(text: string): readonly Entry[] | undefined {
  const sources = text.split(/^(?=[^\s])/m);
  const found = sources.map((source): Entry | undefined => {
    const [, key = "", body] = /^([A-Za-z_][\w./-]*):(?:\n((?: {2}.*\n|\n)*)| .*\n(?:(?: .*)?\n)*)$/.exec(source) ?? [];
    return key === "" ? undefined : { key, source, body: body?.replaceAll(/^ {2}/gm, "") };
  });
  const known = found.filter((entry) => entry !== undefined);
  const isWhole = known.length === found.length && new Set(known.map(({ key }) => key)).size === known.length;
  return isWhole && known.length > 0 ? known : undefined;
}

function parseOnce(source: string): Tree {
  const tree = entries.get(source) ?? whole(source);
  if (tree === undefined) throw new Error("an entry that is not one by itself");
  entries.set(source, tree);
  return tree;
}

function whole(text: string): Tree | undefined {
  const value: unknown = parse(text, { logLevel: "error" });
  return isTree(value) ? value : undefined;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
