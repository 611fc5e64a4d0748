import { isAlias, type Node } from "yaml";
import type { ReadInventory } from "../model.ts";
import { openYaml, pairsIn, type YamlFile, type YamlPair } from "../yaml-lines.ts";
import { AnsibleInventory, type AnsibleVariable, VAULT } from "./ansible-inventory.ts";
import { toInventory } from "./to-inventory.ts";

/** Reads an inventory of Ansible in its YAML form: groups with `hosts`, `children` and `vars`. */
export function readAnsibleYaml(text: string, at: (line: number) => string): ReadInventory {
  const file = openYaml(text, at);
  if (file.problems.length > 0) return { hosts: [], groups: {}, problems: file.problems };
  const reading = new Reading(file, new AnsibleInventory(at));
  for (const pair of reading.pairs(file.root, 1, "groups by name")) reading.readGroup(pair);
  return toInventory(reading.inventory, at);
}

class Reading {
  readonly inventory: AnsibleInventory;
  private readonly file: YamlFile;

  constructor(file: YamlFile, inventory: AnsibleInventory) {
    this.file = file;
    this.inventory = inventory;
  }

  readGroup({ key: name, value, line }: YamlPair): void {
    const group = this.inventory.group(name, line);
    group.isDeclared = true;
    for (const part of this.pairs(value, line, "hosts, children and vars")) {
      if (part.key === "hosts") this.readHosts(name, part);
      else if (part.key === "vars") this.readVariables(part).forEach((one, key) => group.variables.set(key, one));
      else if (part.key === "children")
        for (const child of this.pairs(part.value, part.line, "groups by name")) {
          group.children.set(child.key, child.line);
          this.readGroup(child);
        }
      else this.inventory.refuse(part.line, "hosts, children or vars", `"${part.key}"`, "move it below one of them");
    }
  }

  pairs(node: Node | null, line: number, expected: string): readonly YamlPair[] {
    const pairs = isAlias(node) ? undefined : pairsIn(this.file, node);
    if (pairs === undefined) this.inventory.refuse(line, expected, "something else", "write a map: <name>: { … }");
    return pairs ?? [];
  }

  private readHosts(group: string, { value, line }: YamlPair): void {
    for (const pair of this.pairs(value, line, "hosts by name")) {
      const variables = this.readVariables(pair);
      for (const host of this.inventory.hostsOf(pair.key, pair.line)) {
        host.groups.add(group);
        variables.forEach((one, key) => host.variables.set(key, one));
      }
    }
  }

  private readVariables({ value, line }: YamlPair): ReadonlyMap<string, AnsibleVariable> {
    const entries = this.pairs(value, line, "variables by name").map((pair) => {
      const isVault = pair.value?.tag === "!vault";
      return [pair.key, { value: isVault ? VAULT : this.file.toPlain(pair.value), line: pair.line }] as const;
    });
    return new Map(entries);
  }
}
