import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:policy -- [<file>...]",
  summary: "Has the policy pack judge every environment as written, and downgraded in each of many ways.",
  run: async (args) => {
    await ensureToolchain(programsOf("policy"));
    const tally = await runTier("policy", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
