import { thisMachine } from "../../report/machine.ts";
import { planReport } from "../../report/model.ts";
import { listAssumptions, toText } from "../../report/text.ts";
import { findWarnings } from "../../report/warnings.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { unavailablePrograms } from "../unavailable.ts";

export const command: Command = {
  usage: "npm run report -- <stack> [--set path=value]... [--json]",
  summary:
    "Says what an environment will cost before it runs: active series per host and GPU, samples, spans and log lines a\n" +
    "second, storage per backend, with what the numbers assume; warns past `budget`. Asks no engine and no network.\n" +
    "Try a value: --set load.poolNodes=16, --set metrics.scrapeInterval=30s.",
  run: async (args) => {
    const environment = parseEnvironment(args, ["--json"]);
    const { budget, load } = environment;
    const report = planReport(planTopology(environment, unavailablePrograms()), load, thisMachine());
    const warnings = findWarnings(report, budget);
    const assumptions = listAssumptions(report);
    console.log(
      args.includes("--json")
        ? JSON.stringify({ ...report, assumptions, warnings }, null, 2)
        : toText(report, warnings),
    );
    return 0;
  },
};
