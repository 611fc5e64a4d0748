import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import type { Environment } from "../environment/schema.ts";
import { parseEnvironmentName, readDescription } from "../environment/stack-file.ts";
import { PROJECT_ROOT } from "./folders.ts";
import { loadWithSetValues, setValuesOf } from "./set-values.ts";

/**
 * Reads `<stack> [--set path=value]…` into an environment.
 *
 * `--set` tries a value without editing the stack file: `--set network.loopback=127.7.0`. `null` takes a key away:
 * `--set kubernetes.ingress=null`.
 *
 * @param flags - what else the command knows
 * @throws {ConfigError} on any other word: `destroy production --dry-run` must not destroy; and with every problem of
 *   the environment
 */
export function parseEnvironment(args: readonly string[], flags: readonly string[] = []): Environment {
  const words = args.filter((arg, index) => arg !== "--set" && args[index - 1] !== "--set");
  const [first, ...rest] = words.filter((word) => !flags.includes(word));
  const name = parseEnvironmentName(first);
  throwIfAny(rest.map((word) => toStranger(word, flags)));
  return loadWithSetValues(name, readDescription(PROJECT_ROOT, name), setValuesOf(args));
}

function toStranger(word: string, flags: readonly string[]): Problem {
  const known = ["--set", ...flags];
  const expected = `one stack, and ${["--set path=value", ...flags].join(", ")}`;
  return { path: "arguments", expected, got: `"${word}"`, fix: fixOf(word, known) };
}

function fixOf(word: string, known: readonly string[]): string {
  // npm takes flags in front of its own --, and hands on what belonged to them.
  if (/^[\w.[\]]+=/.test(word))
    return `write --set in front of it, and -- in front of both: npm run <command> -- <stack> --set ${word}`;
  return `${didYouMean(word, known)}leave it out; --help says what the command takes`;
}
