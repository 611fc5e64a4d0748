import { rmSync } from "node:fs";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { hasStack, removeStack, runEngine } from "../engine.ts";
import { stateFolder } from "../folders.ts";

/** What the engine says of a stack that it keeps; this command removes it next. */
const KEPT = /history and configuration associated with the stack are still maintained|`pulumi stack rm /;

export const command: Command = {
  usage: "npm run destroy -- <stack>",
  summary: "Stops everything of an environment and removes it: processes, files and state.",
  run: async (args) => {
    const environment = parseEnvironment(args);
    // State that is kept elsewhere is the engine's to find.
    if (!hasStack(environment.name) && process.env["PULUMI_BACKEND_URL"] === undefined) {
      console.log(`${environment.name}: nothing to destroy`);
      return 0;
    }
    const color = process.stdout.isTTY ? ["--color", "always"] : [];
    const code = await runEngine(environment, ["destroy", "--yes", "--skip-preview", ...color], { omit: KEPT });
    if (code !== 0) return code;
    await removeStack(environment);
    rmSync(stateFolder(environment.name), { recursive: true, force: true });
    console.log(`${environment.name}: nothing of it runs; ${stateFolder(environment.name)} is removed`);
    return 0;
  },
};
