import { parse } from "yaml";
import { ConfigError } from "../../components/core/errors.ts";
import { PROJECT_ROOT } from "./folders.ts";
import { loadEnvironment } from "../environment/load.ts";
import type { Environment } from "../environment/schema.ts";
import { stackFile } from "../environment/stack-file.ts";

type Described = Record<string, unknown>;

/** One `--set path=value`, as it was written. */
export type SetValue = string;

/** The values of every `--set`. */
export function setValuesOf(args: readonly string[]): readonly SetValue[] {
  return args.flatMap((arg, index) => (arg === "--set" ? [args[index + 1] ?? ""] : []));
}

/**
 * Loads what a stack file describes with other values tried.
 *
 * @throws {ConfigError} where each problem that a value brings names its `--set`, and every other the stack file
 */
export function loadWithSetValues(name: string, described: Described, values: readonly SetValue[]): Environment {
  const tried = structuredClone(described);
  for (const value of values) setPath(tried, value);
  const paths = values.map((value) => toPlace(value.slice(0, value.indexOf("="))));
  const isTried = (path: string) => paths.some((set) => isBelow(path, set) || (isBelow(set, path) && !has(path)));
  const has = (path: string) => path.split(/[.[\]]+/).reduce(below, described) !== undefined;
  try {
    const at = (path: string) => (isTried(path) ? `--set ${path}` : `${stackFile(name)}: ${path}`);
    return loadEnvironment(name, tried, PROJECT_ROOT, at, (note) => console.warn(`warning: ${note}`));
  } catch (error) {
    throw values.length > 0 && error instanceof ConfigError ? withCause(error, name, described, values) : error;
  }
}

/** Problems that the stack file alone does not have come of the values, wherever they show. */
function withCause(
  { problems }: ConfigError,
  name: string,
  described: Described,
  values: readonly SetValue[],
): ConfigError {
  const known = new Set(problemsOf(() => loadEnvironment(name, described)).map((one) => JSON.stringify(one)));
  const cause = values.map((value) => `--set ${value.slice(0, value.indexOf("="))}`).join(" ");
  return new ConfigError(
    problems.map((problem) =>
      problem.path.startsWith("--set ") || known.has(JSON.stringify(problem))
        ? problem
        : { ...problem, path: `${problem.path}, with ${cause}` },
    ),
  );
}

function problemsOf(load: () => unknown): ConfigError["problems"] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** `hosts.0.gpus` as problems name it: `hosts[0].gpus`. */
function toPlace(path: string): string {
  return path.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
}

function isBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`);
}

function below(value: unknown, key: string): unknown {
  return key === "" ? value : isObject(value) ? value[key] : undefined;
}

function setPath(target: Described, assignment: SetValue): void {
  const equals = assignment.indexOf("=");
  if (equals < 1) throw wrong("--set", "path=value", `"${assignment}"`, "write it as --set sampling.default=0.5");
  const keys = assignment.slice(0, equals).split(".");
  const last = keys.pop() ?? "";
  let object = target;
  for (const [index, key] of keys.entries()) {
    const next = (object[key] ??= {});
    const path = keys.slice(0, index + 1).join(".");
    if (!isObject(next))
      throw wrong(
        `--set ${assignment}`,
        `keys below ${path}`,
        JSON.stringify(next),
        `set ${path} itself: --set ${path}=…`,
      );
    object = next;
  }
  const value = parseValue(assignment, equals);
  if (value === null) delete object[last];
  else object[last] = value;
}

function parseValue(assignment: SetValue, equals: number): unknown {
  try {
    return parse(assignment.slice(equals + 1)) as unknown;
  } catch (error) {
    const [got = ""] = (error as Error).message.split("\n");
    throw wrong(`--set ${assignment}`, "a value in YAML", got, "put quotes around the value");
  }
}

function isObject(value: unknown): value is Described {
  return typeof value === "object" && value !== null;
}

function wrong(path: string, expected: string, got: string, fix: string): ConfigError {
  return new ConfigError([{ path, expected, got, fix }]);
}
