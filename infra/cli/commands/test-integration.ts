import type { Command } from "../command.ts";
import { runTier, toText } from "../tiers.ts";
import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { programsOf } from "../programs.ts";

export const command: Command = {
  usage: "npm run test:integration -- [<file>...]",
  summary: "Brings the local environment up on a loopback network of its own and tries it: loss, refusals, lifecycle.",
  run: async (args) => {
    await ensureToolchain(programsOf("integration"));
    const tally = await runTier("integration", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
