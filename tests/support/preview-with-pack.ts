import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { runEngine } from "../../infra/cli/engine.ts";
import { prepare } from "../../infra/cli/prepare.ts";
import { ENVIRONMENT_NAMES } from "../../infra/environment/schema.ts";

/**
 * A command: previews an environment of the project, judged as another would be.
 *
 * `node tests/support/preview-with-pack.ts <levels of this environment> <stack> [--set path=value]...`
 */
const [levels, ...rest] = process.argv.slice(2);
const judgedAs = ENVIRONMENT_NAMES.find((name) => name === levels);
if (judgedAs === undefined) throw new Error(`levels of ${levels}: one of ${ENVIRONMENT_NAMES.join(", ")}`);
const { environment } = await prepare(parseEnvironment(rest));
process.exitCode = await runEngine(environment, ["preview"], { judgedAs });
