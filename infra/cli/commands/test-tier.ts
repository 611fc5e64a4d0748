import { ensureToolchain } from "../../toolchain/toolchain.ts";
import type { Command } from "../command.ts";
import { parseTestArguments } from "../testing/arguments.ts";
import { close } from "../testing/close.ts";
import { runTier } from "../testing/run-tier.ts";
import { chooseFiles, definitionOf, type Tier } from "../testing/tiers.ts";

const SUMMARIES: Readonly<Record<Tier, string>> = {
  unit: "Runs the tests that need no program: planners, renderers, components, commands.",
  rules: "Has promtool play every alert's cases: when it must fire and when it must not. Needs no environment.",
  config: "Has every rendered file judged by its own program, and starts every collector configuration for real.",
  policy: "Has the policy pack judge every environment as written, and downgraded in each of many ways.",
  engine:
    "Has the real engine preview every stack and judges what it says: the summary, the time, without any network.",
  kubernetes: "Brings staging and production up against a real API server whose nodes kwok plays.",
  hosts: "Installs the agents on real hosts over SSH and in containers, where this machine can make some.",
  integration:
    "Brings the local environment up on a loopback network of its own and tries it: loss, refusals, lifecycle.",
  live:
    "Brings up `local` on a loopback network of its own, plays the scenarios, and asks the real backends for every\n" +
    "recording rule, alert and panel; ends with fault to notification.",
};

/** The command that runs one tier. */
export function tierCommand(tier: Tier): Command {
  return {
    usage: `npm run test:${tier} [-- <file or word>...] [--timings FILE]`,
    summary: SUMMARIES[tier],
    run: async (args) => {
      const { words, timings } = parseTestArguments(args);
      const files = chooseFiles([tier], words).get(tier) ?? [];
      await ensureToolchain(definitionOf(tier).programs());
      const started = performance.now();
      const run = await runTier(tier, files);
      return close([run], { seconds: (performance.now() - started) / 1000, timings });
    },
  };
}
