import type { Command } from "../command.ts";
import { runLint } from "../lint-steps.ts";

export const command: Command = {
  usage: "npm run lint",
  summary: "Checks types, the dependency rule, file and function sizes, and format.",
  run: async () => ((await runLint()).length === 0 ? 0 : 1),
};
