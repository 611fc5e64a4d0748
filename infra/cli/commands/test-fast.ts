import type { Command } from "../command.ts";
import { runLint } from "../lint-steps.ts";
import { parseTestArguments } from "../testing/arguments.ts";
import { close } from "../testing/close.ts";
import { runTiers } from "../testing/schedule.ts";
import { toFailure } from "../testing/tally.ts";
import { chooseFiles } from "../testing/tiers.ts";

export const command: Command = {
  usage: "npm run test:fast [-- <file or word>...] [--timings FILE]",
  summary: "The inner loop: lint, types, and the tiers unit and rules.",
  run: async (args) => {
    const started = performance.now();
    const { words, timings } = parseTestArguments(args);
    const chosen = chooseFiles(["unit", "rules"], words);
    const [red, runs] = await Promise.all([runLint(), runTiers(chosen)]);
    const beside = red.map((step) => toFailure(`lint: ${step}, see above`));
    return close(runs, { seconds: (performance.now() - started) / 1000, timings, beside });
  },
};
