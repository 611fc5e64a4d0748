import { ALL, type GroupEntry, type HostEntry, type ReadInventory } from "../model.ts";
import type { AnsibleHost, AnsibleInventory } from "./ansible-inventory.ts";
import { toFields } from "./to-fields.ts";

/** Ansible's group of the hosts that are in no other. */
const UNGROUPED = "ungrouped";

/**
 * Plain hosts of an inventory. Groups come as Ansible weighs them: parents before children, and by name where they are
 * equally deep; the later one counts. A host's name is the first part of its full name, in lower case and with hyphens
 * for underscores; its address is the full name as it stands, unless `ansible_host` says another.
 */
export function toInventory(inventory: AnsibleInventory, at: (line: number) => string): ReadInventory {
  findStrayGroups(inventory);
  const depths = measureDepths(inventory);
  const parents = parentsOf(inventory);
  const said = new Map(
    [...inventory.groups].map(([name, { line, variables }]): [string, GroupEntry] => [
      name,
      { line, ...toFields(variables, at) },
    ]),
  );
  const hosts = [...inventory.hosts].map(([name, host]): HostEntry => {
    const { fields, problems, unread } = toFields(host.variables, at);
    const groups = groupsOf(host, parents, depths);
    const isAddressed = [ALL, ...groups].some((group) => said.get(group)?.fields["address"] !== undefined);
    return {
      name: isAddress(name) ? name : (name.split(".")[0] ?? "").toLowerCase().replaceAll("_", "-"),
      line: host.line,
      groups,
      fields: { ...(isAddressed ? {} : { address: name }), ...fields },
      problems,
      unread,
    };
  });
  return { hosts, groups: Object.fromEntries(said), problems: inventory.problems };
}

function findStrayGroups(inventory: AnsibleInventory): void {
  for (const [name, { isDeclared, line }] of inventory.groups)
    if (!isDeclared && name !== UNGROUPED)
      inventory.refuse(line, "variables of a group that there is", `[${name}:vars]`, `add [${name}], or mend the name`);
  for (const { children } of inventory.groups.values())
    for (const [child, line] of children)
      if (inventory.groups.get(child)?.isDeclared !== true)
        inventory.refuse(line, "a group that there is", `"${child}"`, `add [${child}], or mend the name`);
}

function parentsOf({ groups }: AnsibleInventory): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups)
    for (const child of children.keys()) parents.set(child, [...(parents.get(child) ?? []), name]);
  return parents;
}

/** The longest way down from the top; a group that holds itself is told once and goes no deeper. */
function measureDepths(inventory: AnsibleInventory): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const loops = new Set<string>();
  const visit = (name: string, depth: number, trail: readonly string[]): void => {
    if (trail.includes(name)) return void loops.add(name);
    // Known to be at least as deep: nothing below it moves.
    if ((depths.get(name) ?? -1) >= depth) return;
    depths.set(name, depth);
    for (const child of inventory.groups.get(name)?.children.keys() ?? []) visit(child, depth + 1, [...trail, name]);
  };
  for (const name of inventory.groups.keys()) visit(name, name === ALL ? 0 : 1, []);
  for (const name of loops)
    inventory.refuse(
      inventory.groups.get(name)?.line ?? 1,
      "groups within groups",
      `"${name}" within itself`,
      "cut the loop",
    );
  return depths;
}

function groupsOf(
  { groups }: AnsibleHost,
  parents: ReadonlyMap<string, readonly string[]>,
  depths: ReadonlyMap<string, number>,
): readonly string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    parents.get(name)?.forEach(add);
  };
  groups.forEach(add);
  all.delete(ALL);
  if (all.size > 1) all.delete(UNGROUPED);
  if (all.size === 0) all.add(UNGROUPED);
  const depthOf = (name: string) => depths.get(name) ?? 0;
  const byName = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  return [...all].sort((left, right) => depthOf(left) - depthOf(right) || byName(left, right));
}

/** An address has no first part that names the host. */
function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(":");
}
