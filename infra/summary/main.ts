// Prints stacks as JSON, for a later version of this project to compare itself with; see `against.ts`.
import { ConfigError } from "../../components/core/errors.ts";
import { PROJECT_ROOT } from "../cli/folders.ts";
import { OFFLINE } from "../cli/unavailable.ts";
import { readEnvironment } from "../environment/load.ts";
import { parseEnvironmentName } from "../environment/stack-file.ts";
import { planStack } from "./stack.ts";

try {
  const names = process.argv.slice(2).map((name) => parseEnvironmentName(name));
  const stacks = names.map((name) => [name, planStack(readEnvironment(PROJECT_ROOT, name), OFFLINE)] as const);
  process.stdout.write(JSON.stringify(Object.fromEntries(stacks)));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
