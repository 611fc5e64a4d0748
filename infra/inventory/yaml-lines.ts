import { isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
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
  pairsOf(map: YAMLMap): readonly YamlPair[];
  toPlain(node: Node | null): unknown;
  readonly problems: readonly Problem[];
}

export function openYaml(text: string, at: (line: number) => string): YamlFile {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, logLevel: "silent" });
  const lineOf = (node: Node) => counter.linePos(node.range?.[0] ?? 0).line;
  return {
    root: document.contents as Node | null,
    lineOf,
    pairsOf: (map) =>
      map.items.map(({ key, value }) => ({
        key: isScalar(key) ? String(key.value) : "",
        value: value as Node | null,
        line: lineOf(key as Node),
      })),
    toPlain: (node) => (node === null ? null : node.toJS(document)),
    problems: document.errors.map(({ message, linePos }) => ({
      path: at(linePos?.[0].line ?? 1),
      expected: "YAML",
      got: message.split("\n")[0] ?? "",
      fix: "mend the syntax",
    })),
  };
}

/** The map that a node is; an empty value counts as an empty one. */
export function pairsIn(file: YamlFile, node: Node | null): readonly YamlPair[] | undefined {
  if (node === null || (isScalar(node) && node.value === null)) return [];
  return isMap(node) ? file.pairsOf(node) : undefined;
}
