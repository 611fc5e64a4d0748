import type { Tree, Unit } from "../model.ts";
import { isTree } from "./known.ts";
import { parseTree } from "./parse-tree.ts";

/** A configuration file of a unit, parsed; undefined where there is none of that name. */
export function fileOf({ files }: Unit, name: string): Tree | undefined {
  const found = Object.entries(files).find(([path]) => path === name || path.endsWith(`/${name}`));
  return found === undefined ? undefined : parseTree(found[1]);
}

/** Arguments as names and values, given as `--name=value` or `--name value` with one or two hyphens; a word alone has no name. */
export function namedArguments(args: readonly string[]): readonly (readonly [name: string, value: string])[] {
  const isTaken = args.map((text, index) => !text.startsWith("-") && /^--?[^=]+$/.test(args[index - 1] ?? ""));
  return args.flatMap((text, index): [string, string][] => {
    const [, name = "", value] = /^--?([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
    if (name === "") return isTaken[index] === true ? [] : [["", text]];
    return [[name, value ?? (isTaken[index + 1] === true ? (args[index + 1] ?? "") : "")]];
  });
}

/** Value of the argument of one of these names. */
export function argument({ args }: Pick<Unit, "args">, ...names: readonly string[]): string | undefined {
  return namedArguments(args).find(([name]) => names.includes(name))?.[1];
}

/** Every value of a tree with the path of keys to it; list items by number. */
export function walk(value: unknown, path: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  const children = Array.isArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : isTree(value)
      ? Object.entries(value)
      : [];
  return [[path, value], ...children.flatMap(([key, item]) => walk(item, [...path, key]))];
}
