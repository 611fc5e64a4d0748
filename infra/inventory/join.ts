import type { z } from "zod";
import type { Problem } from "../../components/core/errors.ts";
import { groupFields, type inventory } from "../environment/inventory.ts";
import { layerOf, mergeFields } from "./merge.ts";
import { ALL, type Fields, type GroupEntry, type HostEntry, type InventoryFile } from "./model.ts";
import { readInventory } from "./read-file.ts";

/** What an environment says of its inventory, as it stands in the stack file. */
export type InventoryDescription = z.input<typeof inventory>;

/** Every host of an environment, groups' words filled in, before the host's schema has seen it. */
export interface JoinedHosts {
  readonly hosts: readonly unknown[];
  /** Where each stands: nothing for one of the stack file itself. */
  readonly places: readonly (string | undefined)[];
  readonly problems: readonly Problem[];
  /** What the file says that is not read, once for each name, for a person. */
  readonly notes: readonly string[];
}

export interface JoinOptions {
  /** Hosts of the stack file, unchecked. */
  readonly inline: readonly unknown[];
  readonly description: InventoryDescription;
  /** Reads a file by its path from `stacks/`. @throws when there is none */
  readonly readText: (path: string) => string;
  /** The place of a key in the stack file. */
  readonly at: (path: string) => string;
  /** What is wrong with a value, which stands `below` this place of an environment. */
  readonly toProblems: (
    issue: z.core.$ZodIssue,
    at: (path: string) => string,
    below: readonly PropertyKey[],
  ) => readonly Problem[];
}

/** Puts the hosts of the stack file and of its inventory's file together. */
export function joinHosts(options: JoinOptions): JoinedHosts {
  const { inline, description, at } = options;
  const { groups: overrides = {} } = description;
  const { found, path, problems, notes } = readChosen(options);
  // No host can be judged before all that groups say of it is known.
  if (problems.length > 0) return { hosts: [], places: [], problems, notes };
  const layers = [layerOf(found.groups), overrides as Readonly<Record<string, Fields>>];
  const own = inline.map((host) => (isFields(host) ? mergeFields(host, groupsOf(host), layers) : host));
  const filed = found.hosts.map(({ name, groups, fields }) => ({
    ...mergeFields(fields, groups, [{ [ALL]: { runtime: "ssh" } }, ...layers]),
    name,
    groups,
  }));
  const places = found.hosts.map(({ name, line }) => `${path}: line ${line}${name === "" ? "" : `, host ${name}`}`);
  return {
    hosts: [...own, ...filed],
    places: [...own.map(() => undefined), ...places],
    problems: findStrangers([...own, ...filed], Object.keys(overrides), at),
    notes,
  };
}

/** The file's hosts that are taken, with everything that is wrong with them and their groups. */
function readChosen({ description, readText, at, toProblems }: JoinOptions) {
  const nothing: InventoryFile = { hosts: [], groups: {} };
  const { file, format, only } = description;
  if (file === undefined) return { found: nothing, path: "", problems: [], notes: [] };
  const path = `stacks/${file}`;
  const place = (line: number) => `${path}: line ${line}`;
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    const got = (error as NodeJS.ErrnoException).code ?? String(error);
    const fix = `write ${path}, or correct inventory.file`;
    return {
      found: nothing,
      path,
      problems: [{ path: at("inventory.file"), expected: `the file ${path}`, got, fix }],
      notes: [],
    };
  }
  const read = readInventory({ name: path, text, format }, place);
  const hosts = read.hosts.filter(({ groups }) => only === undefined || groups.some((group) => only.includes(group)));
  const used = new Set([ALL, ...hosts.flatMap(({ groups }) => groups)]);
  const groups = Object.entries(read.groups).filter(([name]) => used.has(name));
  const problems = [
    ...read.problems,
    ...hosts.flatMap((host) => host.problems ?? []),
    ...groups.flatMap(([name, group]) => findGroupProblems(name, group, place(group.line), toProblems)),
    ...(hosts.length === 0 && read.problems.length === 0 ? [noHosts(path, only)] : []),
  ];
  const notes = toNotes([...hosts, ...groups.map(([, group]) => group)], place);
  return { found: { hosts, groups: Object.fromEntries(groups) }, path, problems, notes };
}

function toNotes(entries: readonly (HostEntry | GroupEntry)[], place: (line: number) => string): readonly string[] {
  const unread = Map.groupBy(
    entries.flatMap((entry) => entry.unread ?? []),
    ({ name }) => name,
  );
  return [...unread].map(([name, ones]) => {
    const lines = ones.map(({ line }) => line);
    const more = lines.length === 1 ? "" : ` and ${lines.length - 1} more`;
    return `${place(Math.min(...lines))}${more}: ${name} is not read here; instead: ${ones[0]?.instead}`;
  });
}

/** A group says what a host would. */
const A_HOST = ["hosts", 0];

/** Told once where the group stands, and not for each of its hosts. */
function findGroupProblems(
  name: string,
  { fields, problems = [] }: GroupEntry,
  place: string,
  toProblems: JoinOptions["toProblems"],
): readonly Problem[] {
  const parsed = groupFields.safeParse(fields, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues;
  return [
    ...problems,
    ...issues.flatMap((issue) => toProblems(issue, (key) => `${place}, group ${name}: ${key}`, A_HOST)),
  ];
}

/** Groups that nobody is in: what is said of them would go unheard. */
function findStrangers(
  hosts: readonly unknown[],
  groups: readonly string[],
  at: (path: string) => string,
): readonly Problem[] {
  const known = new Set([ALL, ...hosts.flatMap((host) => (isFields(host) ? groupsOf(host) : []))]);
  return groups
    .filter((group) => !known.has(group))
    .map((group) => ({
      path: at(`inventory.groups.${group}`),
      expected: `a group that a host is in: ${[...known].join(", ")}`,
      got: "a group of no host",
      fix: `remove it, or add it to the groups of a host`,
    }));
}

function noHosts(path: string, only: readonly string[] | undefined): Problem {
  const expected = only === undefined ? "at least one host" : `at least one host of ${only.join(", ")}`;
  return { path, expected, got: "none", fix: only === undefined ? "add hosts" : "correct inventory.only" };
}

function groupsOf({ groups }: Fields): readonly string[] {
  return Array.isArray(groups) ? groups.filter((group) => typeof group === "string") : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
