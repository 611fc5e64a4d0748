import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { ConfigError } from "../../components/core/errors.ts";
import { didYouMean, nearest } from "../../components/core/nearest.ts";
import { ENVIRONMENT_NAMES, type EnvironmentName } from "./schema.ts";

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
  const hint = didYouMean(text ?? "", ENVIRONMENT_NAMES);
  const own = text === undefined || hint !== "" ? "" : `; ${ownEnvironment(text)}`;
  throw new ConfigError([
    {
      path: "stack",
      expected: `one of ${ENVIRONMENT_NAMES.join(", ")}`,
      got: text === undefined ? "nothing" : `"${text}"`,
      fix: `${hint}name one of them: npm run preview -- local${own}`,
    },
  ]);
}

/** What makes an environment of one's own. */
function ownEnvironment(name: string): string {
  return `for an environment of your own write ${stackFile(name as EnvironmentName)} and add "${name}" to ENVIRONMENT_NAMES in infra/environment/schema.ts, see stacks/README.md`;
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
  return (document.toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
}

/**
 * What a stack file says of its environment, unchecked.
 *
 * @throws {ConfigError} when it says nothing, naming the key that was meant to
 */
export function readDescription(root: string, name: EnvironmentName): Record<string, unknown> {
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
