import { isSeq, type Node } from "yaml";
import type { Problem } from "../../components/core/errors.ts";
import { ALL, type GroupEntry, type HostEntry, type ReadInventory } from "./model.ts";
import { openYaml, pairsIn, type YamlFile, type YamlPair } from "./yaml-lines.ts";

/**
 * Reads hosts as a stack file has them: a list, or `groups` (what each says of its hosts) and `hosts`.
 */
export function readYaml(text: string, at: (line: number) => string): ReadInventory {
  const file = openYaml(text, at);
  if (file.problems.length > 0) return { hosts: [], groups: {}, problems: file.problems };
  const problems: Problem[] = [];
  const { root } = file;
  if (isSeq(root)) return { hosts: readHosts(file, root, at, problems), groups: {}, problems };
  const top = root === null ? [] : pairsIn(file, root);
  if (top === undefined)
    return { hosts: [], groups: {}, problems: [wrongShape(at(1), "a list of hosts, or groups and hosts")] };
  const hosts: HostEntry[] = [];
  let groups: Record<string, GroupEntry> = {};
  for (const pair of top) {
    if (pair.key === "hosts") hosts.push(...readHosts(file, pair.value, at, problems));
    else if (pair.key === "groups") groups = readGroups(file, pair, at, problems);
    else problems.push(unknownKey(pair, at));
  }
  return { hosts, groups, problems };
}

function readHosts(
  file: YamlFile,
  node: Node | null,
  at: (line: number) => string,
  problems: Problem[],
): readonly HostEntry[] {
  if (!isSeq(node)) {
    problems.push(wrongShape(at(node === null ? 1 : file.lineOf(node)), "a list of hosts"));
    return [];
  }
  return node.items.flatMap((item) => {
    const line = file.lineOf(item as Node);
    const plain = file.toPlain(item as Node);
    const entry = isRecord(plain) ? toEntry(plain, line) : undefined;
    if (entry === undefined)
      problems.push(wrongShape(at(line), "a host such as { name: gpu-1, groups: [a100], gpus: 8 }"));
    return entry === undefined ? [] : [entry];
  });
}

function toEntry({ name, groups = [], ...fields }: Record<string, unknown>, line: number): HostEntry | undefined {
  if (!Array.isArray(groups) || !groups.every((group) => typeof group === "string")) return undefined;
  return { name: typeof name === "string" ? name : String(name ?? ""), line, groups, fields };
}

function readGroups(
  file: YamlFile,
  { value, line }: YamlPair,
  at: (line: number) => string,
  problems: Problem[],
): Record<string, GroupEntry> {
  const groups = pairsIn(file, value);
  if (groups === undefined) problems.push(wrongShape(at(line), "groups by name"));
  const entries = (groups ?? []).map(({ key, value: said, line: here }) => {
    const plain = file.toPlain(said) ?? {};
    if (!isRecord(plain)) problems.push(wrongShape(at(here), `what the group ${key} says of its hosts`));
    return [key, { line: here, fields: isRecord(plain) ? plain : {} }] as const;
  });
  return Object.fromEntries(entries);
}

function unknownKey({ key, line }: YamlPair, at: (line: number) => string): Problem {
  const isAnsible = key === ALL || key === "ungrouped" || key === "children";
  return {
    path: at(line),
    expected: "groups and hosts",
    got: `unknown key "${key}"`,
    fix: isAnsible ? "set inventory.format: ansible, if this is an inventory of Ansible" : `remove "${key}"`,
  };
}

function wrongShape(path: string, expected: string): Problem {
  return { path, expected, got: "something else", fix: "see stacks/README.md for an example" };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
