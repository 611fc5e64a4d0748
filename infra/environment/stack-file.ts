import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { ConfigError } from "../../components/core/errors.ts";
import { didYouMean, nearest } from "../../components/core/nearest.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { ENVIRONMENT_NAMES } from "./schema.ts";

/** Key of a stack file that holds the environment. */
export const ENVIRONMENT_KEY = "gpu-observability:environment";

/** Lower-case letters, digits and hyphens, 2 to 40 long: the name becomes that of containers and folders. */
const OF_A_STACK = /^Pulumi\.([a-z][a-z0-9-]{0,38}[a-z0-9])\.yaml$/;

/** The stack file of an environment, from the project's root. */
export function stackFile(name: string): string {
  return `stacks/Pulumi.${name}.yaml`;
}

/** Every environment that has a stack file, the project's own four first. */
export function listEnvironmentNames(root: string = PROJECT_ROOT): readonly string[] {
  const found = readdirSync(join(root, "stacks")).flatMap((file) => OF_A_STACK.exec(file)?.[1] ?? []);
  return [...new Set([...ENVIRONMENT_NAMES, ...found.toSorted()])];
}

/** @throws {ConfigError} when there is no such environment: neither one of the four, nor a stack file of that name */
export function parseEnvironmentName(text: string | undefined, root: string = PROJECT_ROOT): string {
  const known = listEnvironmentNames(root);
  if (text !== undefined && known.includes(text)) return text;
  const hint = didYouMean(text ?? "", known);
  const own = text !== undefined && OF_A_STACK.test(`Pulumi.${text}.yaml`) && hint === "";
  throw new ConfigError([
    {
      path: "stack",
      expected: `one of ${known.join(", ")}`,
      got: text === undefined ? "nothing" : `"${text}"`,
      fix: own
        ? `write ${stackFile(text)} for an environment of your own (stacks/README.md), or name one of them: npm run preview -- local`
        : `${hint}name one of them: npm run preview -- local`,
    },
  ]);
}

/** The `config` of a stack file. */
export function readStackConfig(root: string, name: string): Record<string, unknown> {
  const file = stackFile(name);
  const document = parseDocument(readFileSync(`${root}/${file}`, "utf8"));
  const [error] = document.errors;
  if (error !== undefined) {
    throw new ConfigError([
      {
        path: file,
        expected: "YAML",
        got: error.message.split("\n")[0]?.replace(/:$/, "") ?? "",
        fix: `correct the syntax of ${file}`,
      },
    ]);
  }
  return (document.toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
}

/**
 * What a stack file says of its environment, unchecked.
 *
 * @throws {ConfigError} when it says nothing, naming the key that was meant to
 */
export function readDescription(root: string, name: string): Record<string, unknown> {
  const config = readStackConfig(root, name);
  const description = config[ENVIRONMENT_KEY];
  if (description !== undefined && description !== null) return description as Record<string, unknown>;
  const file = stackFile(name);
  const misspelt = Object.keys(config).find((key) => nearest(key, [ENVIRONMENT_KEY]) !== undefined);
  const isMisspelt = misspelt !== undefined && misspelt !== ENVIRONMENT_KEY;
  throw new ConfigError([
    {
      path: `${file}: config.${misspelt ?? ENVIRONMENT_KEY}`,
      expected: `the environment below the key ${ENVIRONMENT_KEY}`,
      got: isMisspelt ? `unknown key "${misspelt}"` : "nothing",
      fix: isMisspelt
        ? `did you mean "${ENVIRONMENT_KEY}"? rename the key in ${file}`
        : `add to ${file}: config: { "${ENVIRONMENT_KEY}": { runtime: process, hosts: [...] } }`,
    },
  ]);
}
