import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { runEngine } from "../engine.ts";
import { prepare } from "../prepare.ts";

export const command: Command = {
  usage: "npm run preview -- <stack> [--set path=value]... [--diff]",
  summary: "Shows what `up` would change, through the engine, and changes nothing.",
  run: async (args) => {
    const { environment } = await prepare(parseEnvironment(args));
    return runEngine(environment, ["preview", ...(args.includes("--diff") ? ["--diff"] : [])]);
  },
};
