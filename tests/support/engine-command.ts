import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { runEngine } from "../../infra/cli/engine.ts";
import { prepare } from "../../infra/cli/prepare.ts";

/**
 * A command: runs a command of the engine that the menu has no entry for, such as `refresh`, on an environment.
 *
 * `node tests/support/engine-command.ts <engine's command> <stack> [--set path=value]...`
 */
const [command = "", ...rest] = process.argv.slice(2);
const { environment } = await prepare(parseEnvironment(rest));
process.exitCode = await runEngine(environment, [command, "--yes", "--skip-preview", "--suppress-outputs"]);
