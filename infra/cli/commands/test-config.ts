import type { Command } from "../command.ts";
import { runTier, toText } from "../tiers.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { programsOf } from "../programs.ts";

export const command: Command = {
  usage: "npm run test:config -- [<file>...]",
  summary: "Has every rendered file judged by its own program, and starts every collector configuration for real.",
  run: async (args) => {
    await ensureToolchain(programsOf("config"));
    const tally = await runTier("config", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
