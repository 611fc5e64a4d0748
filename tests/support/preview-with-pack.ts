import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { runEngine } from "../../infra/cli/engine.ts";
import { prepare } from "../../infra/cli/prepare.ts";
import { parseEnvironmentName } from "../../infra/environment/stack-file.ts";

/**
 * A command: previews an environment of the project, judged as another would be.
 *
 * `node tests/support/preview-with-pack.ts <levels of this environment> <stack> [--set path=value]...`
 */
const [levels, ...rest] = process.argv.slice(2);
const { environment } = await prepare(parseEnvironment(rest));
process.exitCode = await runEngine(environment, ["preview"], { judgedAs: parseEnvironmentName(levels) });
