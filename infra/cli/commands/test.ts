import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { programsOf } from "../programs.ts";
import { hasTests, runTier, sum, toText } from "../tiers.ts";

/** From cheap to dear; a tier without a test file is left out. */
const PROGRAM_TIERS = ["rules", "config", "policy", "engine", "kubernetes", "hosts", "integration", "live"] as const;

export const command: Command = {
  usage: "npm test",
  summary:
    "Runs every test that needs no cloud, and closes with the line `N passed, N failed`.\n" +
    "Tests that need no program run while missing programs are built.",
  run: async () => {
    const tiers = PROGRAM_TIERS.filter(hasTests);
    const building = ensureToolchain([...new Set(tiers.flatMap(programsOf))]).then(
      () => undefined,
      (error: unknown) => error,
    );
    const unit = await runTier("unit");
    const failure = await building;
    if (failure !== undefined) {
      console.error(failure instanceof Error ? failure.message : failure);
      console.log(toText(sum([unit, { passed: 0, failed: 1, skipped: 0 }])));
      return 1;
    }
    const tallies = [unit];
    for (const tier of tiers) tallies.push(await runTier(tier));
    const total = sum(tallies);
    for (const failure of total.failures ?? []) console.log(`FAILED ${failure}`);
    if (total.skipped > 0) console.log(`${total.skipped} skipped, each with its reason above`);
    console.log(toText({ ...total, skipped: 0 }));
    return total.failed === 0 ? 0 : 1;
  },
};
