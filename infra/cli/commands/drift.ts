import { rmSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../../components/core/errors.ts";
import type { Environment } from "../../environment/schema.ts";
import { listEnvironmentNames } from "../../environment/stack-file.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { type Drifted, readDrift, toDriftText } from "../drift.ts";
import { hasStack, refuseUnlessIdle, runEngine } from "../engine.ts";
import { stateFolder } from "../folders.ts";
import { prepare, warnOfOccupied } from "../prepare.ts";
import { readPrograms } from "../status/programs.ts";

/** Exit codes, so that a schedule tells "somebody changed it" from "nobody could look". */
const CLEAN = 0;
const DRIFTED = 1;
const UNKNOWN = 2;

export const command: Command = {
  usage: "npm run drift -- <stack> | --all [--set path=value]...",
  summary:
    "Asks every resource of a running environment how it really is, and says what `up` would have to mend: a program\n" +
    "that runs and does not answer too. Changes nothing. Exit code 0: all is as described; 1: something drifted; 2: could not look.",
  run: async (args) => {
    const rest = args.filter((arg) => arg !== "--all");
    const calls = args.includes("--all") ? listEnvironmentNames().map((name) => [name, ...rest]) : [rest];
    let worst = CLEAN;
    for (const call of calls) worst = Math.max(worst, await check(call));
    return worst;
  },
};

async function check(args: readonly string[]): Promise<number> {
  try {
    const environment = parseEnvironment(args);
    requireStack(environment);
    refuseUnlessIdle(environment);
    const { deployables } = await prepare(environment, warnOfOccupied);
    const here = deployables.filter(({ runtime }) => runtime === "process").map(({ workload }) => workload);
    const [drifted, programs] = await Promise.all([
      look(environment),
      readPrograms(here, stateFolder(environment.name)),
    ]);
    if (drifted === undefined) return UNKNOWN;
    console.log(toDriftText(environment.name, drifted, programs));
    const isSilent = programs.some(({ state }) => state.kind === "silent");
    return drifted.length === 0 && !isSilent ? CLEAN : DRIFTED;
  } catch (error) {
    // Whatever it was: nothing was found out about drift.
    console.error(error instanceof ConfigError ? error.message : error);
    return UNKNOWN;
  }
}

/** A stack nobody brought up would show everything as drift. State that is kept elsewhere is the engine's to find. */
function requireStack({ name }: Environment): void {
  if (hasStack(name) || process.env["PULUMI_BACKEND_URL"] !== undefined) return;
  throw new ConfigError([
    { path: name, expected: "an environment that is up", got: "no stack", fix: `npm run up -- ${name}` },
  ]);
}

/** Undefined when the engine failed; it has said why. */
async function look(environment: Environment): Promise<readonly Drifted[] | undefined> {
  const events = join(stateFolder(environment.name), "drift-events.json");
  rmSync(events, { force: true });
  // The engine's own libraries read its events this way; the flag is known only beside this variable.
  process.env["PULUMI_DEBUG_COMMANDS"] = "true";
  // Not --expect-no-changes: its exit code is that of a failure.
  const args = ["preview", "--refresh", "--suppress-outputs", "--event-log", events];
  try {
    return (await runEngine(environment, args, { quiet: true })) === 0 ? readDrift(events) : undefined;
  } finally {
    rmSync(events, { force: true });
  }
}
