import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { Problem } from "../../components/core/errors.ts";

/** A key of a YAML map, what it stands for, and its line. */
export interface YamlPair {
  readonly key: string;
  readonly value: Node | null;
  readonly line: number;
}

/** A YAML file that knows its lines. */
export interface YamlFile {
  /** Nothing where the file is empty. */
  readonly root: Node | null;
  lineOf(node: Node): number;
  /** Its own, then those that it merges with `<<` and does not say itself. */
  pairsOf(map: YAMLMap): readonly YamlPair[];
  toPlain(node: Node | null): unknown;
  /** Where there is one, nothing else may be asked of the file. */
  readonly problems: readonly Problem[];
}

export function openYaml(text: string, at: (line: number) => string): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent", merge: true });
  const lineOf = (node: Node) => counter.linePos(node.range?.[0] ?? 0).line;
  const pairsOf = (map: YAMLMap): readonly YamlPair[] => {
    const pairs = map.items.map(({ key, value }) => ({
      key: isScalar(key) && !isMergeKey(key) ? String(key.value) : "",
      value: value as Node | null,
      line: lineOf(key as Node),
      isMerge: isMergeKey(key),
    }));
    const own = pairs.filter(({ isMerge }) => !isMerge);
    const known = new Set(own.map(({ key }) => key));
    const merged = pairs
      .filter(({ isMerge }) => isMerge)
      .flatMap(({ value }) => mapsIn(value))
      .flatMap(pairsOf)
      .filter(({ key }) => !known.has(key) && known.add(key));
    return [...own, ...merged];
  };
  const mapsIn = (value: Node | null): readonly YAMLMap[] => {
    const node = isAlias(value) ? value.resolve(document) : value;
    if (isSeq(node)) return node.items.flatMap((item) => mapsIn(item as Node));
    return isMap(node) ? [node] : [];
  };
  return {
    root: document.contents as Node | null,
    lineOf,
    pairsOf,
    toPlain: (node) => (node === null ? null : node.toJS(document)),
    problems: [
      ...document.errors.map(({ message, linePos }) => ({
        path: at(linePos?.[0].line ?? 1),
        expected: "YAML",
        got: message.split("\n")[0] ?? "",
        fix: "mend the syntax",
      })),
      ...findAliasProblems(document, (alias) => at(lineOf(alias))),
    ],
  };
}

/** Aliases that stand for nothing, or for what they are a part of and so for something without an end. */
function findAliasProblems(document: Document, at: (alias: Alias) => string): readonly Problem[] {
  const anchors = new Map<string, Node>();
  const problems: Problem[] = [];
  visit(document, {
    Node(_key, node, path) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return;
      }
      const { source } = node;
      const found = anchors.get(source);
      if (found !== undefined && !path.includes(found)) return;
      const got = `*${source}, ${found === undefined ? `and no &${source} before it` : `inside &${source} itself`}`;
      const fix = "mend the name, or write out what it stands for";
      problems.push({ path: at(node), expected: "an alias of something that ends before it", got, fix });
    },
  });
  return problems;
}

/** The map that a node is; an empty value counts as an empty one. */
export function pairsIn(file: YamlFile, node: Node | null): readonly YamlPair[] | undefined {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  return isMap(node) ? file.pairsOf(node) : undefined;
}

/** The plain key `<<`. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === "symbol";
}
