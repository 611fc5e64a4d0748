import { parse } from "yaml";
import { ConfigError, type Problem, throwIfAny } from "../../components/core/errors.ts";
import { ENVIRONMENT_KEY, loadEnvironment, parseEnvironmentName, readStackConfig } from "../environment/load.ts";
import type { Environment } from "../environment/schema.ts";
import { PROJECT_ROOT } from "./folders.ts";

/**
 * Reads `<stack> [--set path=value]…` into an environment.
 *
 * `--set` tries a value without editing the stack file: `--set network.loopback=127.7.0`. `null` takes a key away:
 * `--set kubernetes.ingress=null`.
 *
 * @param flags - what else the command knows
 * @throws {ConfigError} on any other word: `destroy production --dry-run` must not destroy
 */
export function parseEnvironment(args: readonly string[], flags: readonly string[] = []): Environment {
  const words = args.filter((arg, index) => arg !== "--set" && args[index - 1] !== "--set");
  const [first, ...rest] = words.filter((word) => !flags.includes(word));
  const name = parseEnvironmentName(first);
  throwIfAny(rest.map((word) => toStranger(word, flags)));
  const raw = structuredClone(readStackConfig(PROJECT_ROOT, name)[ENVIRONMENT_KEY] ?? {}) as Record<string, unknown>;
  args.forEach((arg, index) => {
    if (arg === "--set") setPath(raw, args[index + 1] ?? "");
  });
  return loadEnvironment(name, raw);
}

function toStranger(word: string, flags: readonly string[]): Problem {
  const expected = `one stack, and ${["--set path=value", ...flags].join(", ")}`;
  return { path: "arguments", expected, got: `"${word}"`, fix: "leave it out; --help says what the command takes" };
}

function setPath(target: Record<string, unknown>, assignment: string): void {
  const equals = assignment.indexOf("=");
  if (equals < 1) {
    throw new ConfigError([
      { path: "--set", expected: "path=value", got: `"${assignment}"`, fix: "write it as --set sampling.default=0.5" },
    ]);
  }
  const keys = assignment.slice(0, equals).split(".");
  const last = keys.pop() ?? "";
  let object = target;
  for (const key of keys) object = (object[key] ??= {}) as Record<string, unknown>;
  const value: unknown = parse(assignment.slice(equals + 1));
  if (value === null) delete object[last];
  else object[last] = value;
}
