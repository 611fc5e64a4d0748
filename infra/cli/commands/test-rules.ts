import type { Command } from "../command.ts";
import { runTier, toText } from "../tiers.ts";
import { programsOf } from "../programs.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";

export const command: Command = {
  usage: "npm run test:rules -- [<file>...]",
  summary: "Has promtool play every alert's cases: when it must fire and when it must not. Needs no environment.",
  run: async (args) => {
    await ensureToolchain(programsOf("rules"));
    const tally = await runTier("rules", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
