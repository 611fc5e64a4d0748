import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, throwIfAny } from "../../components/core/errors.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { type InventoryDescription, joinHosts } from "../inventory/join.ts";
import { fillHostKeys } from "../inventory/known-hosts-fill.ts";
import { inventory } from "./inventory.ts";
import { findBrokenRules } from "./rules.ts";
import { type Environment, environmentSchema } from "./schema.ts";
import { toProblems } from "./schema-problems.ts";
import { readDescription, stackFile } from "./stack-file.ts";

/**
 * Reads and validates an environment, with the hosts of its inventory's file and the keys of `ssh.knownHosts`.
 *
 * @param raw - the value below `ENVIRONMENT_KEY` of a stack file
 * @param root - folder whose `stacks/` the paths of these files begin in. @default the project's
 * @param inStack - the place of a key of the description. @default in the stack file
 * @param onNote - told of what an inventory's file says that is not read. @default tells nobody
 * @throws {ConfigError} with every problem of the description
 */
export function loadEnvironment(
  name: string,
  raw: unknown,
  root: string = PROJECT_ROOT,
  inStack = (path: string) => `${stackFile(name)}: ${path}`,
  onNote: (note: string) => void = () => undefined,
): Environment {
  const { joined, places, problems: misread, notes } = joinInventory(raw, root, inStack);
  const at = (path: string) => placeOf(path, places) ?? inStack(path);
  const parsed = environmentSchema.safeParse(joined, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues;
  if (!parsed.success || misread.length > 0)
    throw new ConfigError([...misread, ...issues.flatMap((issue) => toProblems(issue, at))]);
  const { environment, problems } = fillHostKeys({ ...parsed.data, name }, readerOf(root), at);
  throwIfAny([...problems, ...findBrokenRules(environment, at)]);
  notes.forEach(onNote);
  return environment;
}

/** Reads an environment from its stack file, without an engine. */
export function readEnvironment(root: string, name: string): Environment {
  return loadEnvironment(name, readDescription(root, name), root);
}

/** The description with every host in `hosts`; as it is where its inventory cannot be read, for the schema to say why. */
function joinInventory(raw: unknown, root: string, at: (path: string) => string) {
  const description = (raw ?? {}) as { readonly hosts?: unknown; readonly inventory?: unknown };
  const { hosts = [] } = description;
  const own = description.inventory ?? {};
  if (!isInventory(own) || !Array.isArray(hosts)) return { joined: raw, places: [], problems: [], notes: [] };
  const found = joinHosts({ inline: hosts, description: own, readText: readerOf(root), at, toProblems });
  // Used up: whoever is handed the environment finds every host in it, and no file to read.
  const joined = { ...description, hosts: found.hosts, inventory: {} };
  return { joined, places: found.places, problems: found.problems, notes: found.notes };
}

/** Reads a file that a stack file names. */
function readerOf(root: string): (path: string) => string {
  return (path) => readFileSync(join(root, "stacks", path), "utf8");
}

function isInventory(value: unknown): value is InventoryDescription {
  return inventory.safeParse(value).success;
}

/** Where a key of a host stands, when that is not the stack file. */
function placeOf(path: string, places: readonly (string | undefined)[]): string | undefined {
  const [, index, key = ""] = /^hosts\[(\d+)\](?:\.(.*))?$/.exec(path) ?? [];
  const place = index === undefined ? undefined : places[Number(index)];
  return place === undefined || key === "" ? place : `${place}: ${key}`;
}
