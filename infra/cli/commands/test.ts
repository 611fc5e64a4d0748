import type { Command } from "../command.ts";
import { parseTestArguments } from "../testing/arguments.ts";
import { close } from "../testing/close.ts";
import { runTiers } from "../testing/schedule.ts";
import { chooseFiles, TIER_NAMES } from "../testing/tiers.ts";

export const command: Command = {
  usage: "npm test [-- <file or word>...] [--timings FILE]",
  summary:
    "Runs every test that needs no cloud, or those whose path holds a word, of any tier; closes with the line\n" +
    "`N passed, N failed`. Tiers run beside each other, each as soon as its own programs are there.\n" +
    "--timings keeps the times of every tier and file as JSON.",
  run: async (args) => {
    const started = performance.now();
    const { words, timings } = parseTestArguments(args);
    const runs = await runTiers(chooseFiles(TIER_NAMES, words));
    return close(runs, { seconds: (performance.now() - started) / 1000, timings });
  },
};
