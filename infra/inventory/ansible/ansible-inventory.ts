import type { Problem } from "../../../components/core/errors.ts";
import { expandRanges } from "./ranges.ts";

/** A variable; {@link VAULT} stands for a value that is encrypted. */
export interface AnsibleVariable {
  readonly value: unknown;
  readonly line: number;
}

/** In the place of an encrypted value. */
export const VAULT = Symbol("vault");

export interface AnsibleHost {
  readonly line: number;
  /** Groups that name it themselves. */
  readonly groups: Set<string>;
  readonly variables: Map<string, AnsibleVariable>;
}

export interface AnsibleGroup {
  readonly line: number;
  /** False while only variables are known of it: a name misspelt there would be a group of nobody. */
  isDeclared: boolean;
  /** Groups inside it, each with the line that says so. */
  readonly children: Map<string, number>;
  readonly variables: Map<string, AnsibleVariable>;
}

/** What an inventory of Ansible says, in either form. */
export class AnsibleInventory {
  readonly hosts = new Map<string, AnsibleHost>();
  readonly groups = new Map<string, AnsibleGroup>();
  readonly problems: Problem[] = [];
  private readonly at: (line: number) => string;

  constructor(at: (line: number) => string) {
    this.at = at;
  }

  group(name: string, line: number): AnsibleGroup {
    const group = this.groups.get(name) ?? { line, isDeclared: false, children: new Map(), variables: new Map() };
    this.groups.set(name, group);
    return group;
  }

  /** The hosts a pattern stands for, known ones again: a host of two groups is one host. A port may follow it. */
  hostsOf(text: string, line: number): readonly AnsibleHost[] {
    const { pattern, port } = splitPort(text);
    const expanded = expandRanges(pattern);
    if ("flaw" in expanded) {
      this.refuse(line, "a name, with ranges such as gpu[01:64]", expanded.flaw, "mend the range");
      return [];
    }
    return expanded.names.map((name) => {
      const host = this.hosts.get(name) ?? { line, groups: new Set<string>(), variables: new Map() };
      this.hosts.set(name, host);
      if (port !== undefined) host.variables.set("ansible_port", { value: port, line });
      return host;
    });
  }

  refuse(line: number, expected: string, got: string, fix: string): void {
    this.problems.push({ path: this.at(line), expected, got, fix });
  }
}

/** `gpu01:2222`, `gpu[01:64]:2222`, `[2001:db8::1]:2222`; an address of IPv6 without brackets has no port. */
function splitPort(text: string): { readonly pattern: string; readonly port: string | undefined } {
  const [, bracketed, plain, port] =
    /^(?:\[([^\]]*:[^\]]*:[^\]]*)\]|((?:[^:[\]]|\[[^\]]*\])+)):(\d+)$/.exec(text) ?? [];
  return { pattern: bracketed ?? plain ?? text, port };
}
