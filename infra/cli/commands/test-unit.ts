import type { Command } from "../command.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:unit -- [<file>...]",
  summary: "Runs the tests that need no program: planners, renderers, components, commands.",
  run: async (args) => {
    const tally = await runTier("unit", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
