import { ALL, type ReadInventory } from "../model.ts";
import { AnsibleInventory } from "./ansible-inventory.ts";
import { toInventory } from "./to-inventory.ts";

/** Words of a line, quotes and all; a number sign outside of quotes begins a comment. */
const WORD = /(?:[^\s"'#]|"(?:[^"\\]|\\.)*"|'[^']*')+|#.*/g;

/** A line in brackets; with more behind them it is a host, such as `[1:3].example.org`. */
const HEADING = /^\[[^\]]*(?:\]\s*(?:[#;].*)?)?$/;

/** Reads an inventory of Ansible in its INI form: hosts, groups, `:children` and `:vars`, ranges. */
export function readAnsibleIni(text: string, at: (line: number) => string): ReadInventory {
  const inventory = new AnsibleInventory(at);
  let section = { group: "", kind: "hosts" };
  for (const [index, raw] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1;
    const content = raw.trim();
    if (content === "" || /^[#;]/.test(content)) continue;
    if (HEADING.test(content)) section = openSection(inventory, content, line) ?? section;
    else if (section.kind === "vars") readVariable(inventory, section.group, content, line);
    else if (section.kind === "children") inventory.group(section.group, line).children.set(firstWord(content), line);
    else readHost(inventory, section.group, content, line);
  }
  return toInventory(inventory, at);
}

function openSection(inventory: AnsibleInventory, content: string, line: number) {
  const [, group = "", kind = "hosts"] = /^\[([^\]:\s]+)(?::(children|vars))?\]\s*(?:[#;].*)?$/.exec(content) ?? [];
  if (group === "") {
    inventory.refuse(line, "[group], [group:children] or [group:vars]", content, "mend the heading");
    return undefined;
  }
  const opened = inventory.group(group, line);
  opened.isDeclared ||= kind !== "vars" || group === ALL;
  return { group, kind };
}

function readVariable(inventory: AnsibleInventory, group: string, content: string, line: number): void {
  const [name, value] = splitAt(content, "=");
  if (value === undefined) return inventory.refuse(line, "name=value", content, "add the value");
  inventory.group(group, line).variables.set(name.trim(), { value: toLiteral(value.trim()), line });
}

function readHost(inventory: AnsibleInventory, group: string, content: string, line: number): void {
  if (/["']/.test(content.replace(WORD, "")))
    return inventory.refuse(line, "quotes in pairs", "a quote that is never closed", "close it");
  const [pattern = "", ...words] = (content.match(WORD) ?? []).filter((word) => !word.startsWith("#"));
  for (const host of inventory.hostsOf(pattern, line)) {
    if (group !== "") host.groups.add(group);
    for (const word of words) {
      const [key, value] = splitAt(word, "=");
      if (value === undefined) inventory.refuse(line, "name=value behind the host", word, `write ${word}=<value>`);
      else host.variables.set(key, { value: unquote(value), line });
    }
  }
}

function firstWord(content: string): string {
  return content.split(/[\s#;]/)[0] ?? "";
}

function splitAt(text: string, mark: string): readonly [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** Quotes may stand around a part of a word. */
function unquote(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_all, double?: string, single?: string) =>
    double === undefined ? (single ?? "") : double.replace(/\\(.)/g, "$1"),
  );
}

/** Behind `:vars` a line is a literal of Python, with or without a comment behind it, or else a text as it stands. */
function toLiteral(text: string): string {
  const [, quoted, plain] = /^(?:("(?:[^"\\]|\\.)*"|'[^'\\]*')|(\d+|True|False))\s*(?:#.*)?$/.exec(text) ?? [];
  return quoted === undefined ? (plain ?? text) : unquote(quoted);
}
