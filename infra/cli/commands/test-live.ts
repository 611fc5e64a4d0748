import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:live -- [<file>...]",
  summary:
    "Brings up `local` on a loopback network of its own, plays the scenarios, and asks the real backends for every\n" +
    "recording rule, alert and panel; ends with fault to notification.",
  run: async (args) => {
    await ensureToolchain(programsOf("live"));
    const tally = await runTier("live", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
