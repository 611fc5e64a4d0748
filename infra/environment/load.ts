import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import type { z } from "zod";
import { ConfigError, type Problem, throwIfAny } from "../../components/core/errors.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { type InventoryDescription, joinHosts } from "../inventory/join.ts";
import { fillHostKeys } from "../inventory/known-hosts-fill.ts";
import { inventory } from "./inventory.ts";
import { findBrokenRules } from "./rules.ts";
import { ENVIRONMENT_NAMES, type Environment, type EnvironmentName, environmentSchema } from "./schema.ts";

/** Key of a stack file that holds the environment. */
export const ENVIRONMENT_KEY = "gpu-observability:environment";

/** The stack file of an environment, from the project's root. */
export function stackFile(name: EnvironmentName): string {
  return `stacks/Pulumi.${name}.yaml`;
}

/** @throws {ConfigError} when there is no such environment */
export function parseEnvironmentName(text: string | undefined): EnvironmentName {
  const known = ENVIRONMENT_NAMES.find((name) => name === text);
  if (known !== undefined) return known;
  throw new ConfigError([
    {
      path: "stack",
      expected: `one of ${ENVIRONMENT_NAMES.join(", ")}`,
      got: text === undefined ? "nothing" : `"${text}"`,
      fix: "name one of them: npm run preview -- local",
    },
  ]);
}

/**
 * Reads and validates an environment, with the hosts of its inventory's file and the keys of `ssh.knownHosts`.
 *
 * @param raw - the value below {@link ENVIRONMENT_KEY}
 * @param root - folder whose `stacks/` the paths of these files begin in. @default the project's
 * @throws {ConfigError} with every problem of the description
 */
export function loadEnvironment(name: EnvironmentName, raw: unknown, root: string = PROJECT_ROOT): Environment {
  const inStack = (path: string) => `${stackFile(name)}: ${path}`;
  const { joined, places, problems: misread } = joinInventory(raw, root, inStack);
  const at = (path: string) => placeOf(path, places) ?? inStack(path);
  const parsed = environmentSchema.safeParse(joined, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues;
  if (!parsed.success || misread.length > 0)
    throw new ConfigError([...misread, ...issues.flatMap((issue) => toProblems(issue, at))]);
  const { environment, problems } = fillHostKeys({ ...parsed.data, name }, readerOf(root), at);
  throwIfAny([...problems, ...findBrokenRules(environment, at)]);
  return environment;
}

/** Reads an environment from its stack file, without an engine. */
export function readEnvironment(root: string, name: EnvironmentName): Environment {
  return loadEnvironment(name, readStackConfig(root, name)[ENVIRONMENT_KEY], root);
}

/** The description with every host in `hosts`; as it is where its inventory cannot be read, for the schema to say why. */
function joinInventory(raw: unknown, root: string, at: (path: string) => string) {
  const description = (raw ?? {}) as { readonly hosts?: unknown; readonly inventory?: unknown };
  const { hosts = [] } = description;
  const own = description.inventory ?? {};
  if (!isInventory(own) || !Array.isArray(hosts)) return { joined: raw, places: [], problems: [] };
  const found = joinHosts({ inline: hosts, description: own, readText: readerOf(root), at, toProblems });
  // Used up: whoever is handed the environment finds every host in it, and no file to read.
  const joined = { ...description, hosts: found.hosts, inventory: {} };
  return { joined, places: found.places, problems: found.problems };
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

/** The `config` of a stack file. */
export function readStackConfig(root: string, name: EnvironmentName): Record<string, unknown> {
  const file = stackFile(name);
  const document = parseDocument(readFileSync(`${root}/${file}`, "utf8"));
  const [error] = document.errors;
  if (error !== undefined) {
    throw new ConfigError([
      { path: file, expected: "YAML", got: error.message.split("\n")[0] ?? "", fix: `mend the syntax of ${file}` },
    ]);
  }
  return (document.toJS() as { config?: Record<string, unknown> }).config ?? {};
}

function toProblems(issue: z.core.$ZodIssue, at: (path: string) => string): Problem[] {
  const path = at(toPath(issue.path));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: at(toPath([...issue.path, key])),
      expected: "a known key",
      got: `unknown key "${key}"`,
      fix: `remove "${key}"; stacks/environment.schema.json lists what may stand here`,
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const expected = issue.errors.flatMap((issues) => issues.map((inner) => expectation(inner)));
    return [{ path, expected: [...new Set(expected)].join(" or "), got: show(issue.input), fix: `change ${path}` }];
  }
  return [{ path, expected: expectation(issue), got: show(issue.input), fix: `change ${path}` }];
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    case "invalid_value":
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(", ")}`;
    case "invalid_key":
      return `a key of ${issue.issues.map(expectation).join(" and ")}`;
    case "too_small":
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function toPath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? ENVIRONMENT_KEY : text.replace(/^\./, "");
}

function show(input: unknown): string {
  if (input === undefined) return "nothing";
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
