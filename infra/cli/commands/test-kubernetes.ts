import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:kubernetes -- [<file>...]",
  summary: "Brings staging and production up against a real API server whose nodes kwok plays.",
  run: async (args) => {
    await ensureToolchain(programsOf("kubernetes"));
    const tally = await runTier("kubernetes", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
