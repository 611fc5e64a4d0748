import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { up } from "../up.ts";

export const command: Command = {
  usage: "npm run up -- <stack> [--set path=value]...",
  summary:
    "Brings an environment to what its stack file says: refreshes, then creates, changes or restarts what differs.",
  run: (args) => up(parseEnvironment(args)),
};
