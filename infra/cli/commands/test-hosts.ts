import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { runTier, toText } from "../tiers.ts";

export const command: Command = {
  usage: "npm run test:hosts -- [<file>...]",
  summary: "Installs the agents on real hosts over SSH and in containers, where this machine can make some.",
  run: async (args) => {
    await ensureToolchain(programsOf("hosts"));
    const tally = await runTier("hosts", args);
    console.log(toText(tally));
    return tally.failed === 0 ? 0 : 1;
  },
};
