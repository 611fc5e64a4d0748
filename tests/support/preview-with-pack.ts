import { delimiter } from "node:path";
import { parseEnvironment } from "../../infra/cli/arguments.ts";
import { runEngine } from "../../infra/cli/engine.ts";
import { stateFolder } from "../../infra/cli/folders.ts";
import { prepare } from "../../infra/cli/prepare.ts";
import { parseEnvironmentName } from "../../infra/environment/load.ts";
import { launchPack } from "../../infra/policy/launch.ts";

/**
 * A command: previews an environment of the project with the policy pack.
 *
 * `node tests/support/preview-with-pack.ts <levels of this environment> <stack> [--set path=value]...`
 */
const [levels, ...rest] = process.argv.slice(2);
const { environment } = await prepare(parseEnvironment(rest));
const { args, path } = launchPack(parseEnvironmentName(levels), stateFolder(environment.name));
process.env["PATH"] = [...path, process.env["PATH"]].join(delimiter);
process.exitCode = await runEngine(environment, ["preview", ...args]);
