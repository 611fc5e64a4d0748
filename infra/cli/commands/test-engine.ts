import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:engine -- [<file>...]",
  summary:
    "Has the real engine preview every stack and judges what it says: the summary, the time, without any network.",
  run: async (args) => {
    await ensureToolchain(programsOf("engine"));
    const tally = await runTier("engine", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
