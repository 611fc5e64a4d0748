import { rmSync } from "node:fs";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { hasStack, removeStack, runEngine } from "../engine.ts";
import { stateFolder } from "../folders.ts";

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
    const code = await runEngine(environment, ["destroy", "--yes", "--skip-preview"]);
    if (code !== 0) return code;
    await removeStack(environment);
    rmSync(stateFolder(environment.name), { recursive: true, force: true });
    return 0;
  },
};
