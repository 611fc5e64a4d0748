import { withPreviewedEngine } from "../../../components/runtime/docker/previewed-engine.ts";
import { listEnvironmentNames } from "../../environment/stack-file.ts";
import { parseFormat, printSummary } from "../../summary/print.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { refuseUnlessIdle, runEngine } from "../engine.ts";
import { prepare, warnOfOccupied } from "../prepare.ts";

export const command: Command = {
  usage: "npm run preview -- <stack> | --all [--set path=value]... [--diff] [--json | --markdown]",
  summary:
    "Shows what `up` would change, through the engine, and what that means, and changes nothing.\n" +
    "Needs no cluster, no cloud and no secret. --json and --markdown print the meaning alone.",
  run: async (args) => {
    if (!args.includes("--all")) return preview(args);
    const rest = args.filter((arg) => arg !== "--all");
    for (const name of listEnvironmentNames()) {
      const code = await preview([name, ...rest]);
      if (code !== 0) return code;
    }
    return 0;
  },
};

async function preview(args: readonly string[]): Promise<number> {
  const format = parseFormat(args);
  const environment = parseEnvironment(args, ["--diff", "--json", "--markdown"]);
  refuseUnlessIdle(environment);
  const prepared = await prepare(environment, warnOfOccupied);
  const command = ["preview", "--suppress-outputs", ...(args.includes("--diff") ? ["--diff"] : [])];
  const run = (variables: Readonly<Record<string, string>>) =>
    runEngine(prepared.environment, command, { quiet: format !== "text", variables });
  const onDocker = prepared.deployables.some(({ runtime }) => runtime === "docker");
  const code = onDocker ? await withPreviewedEngine(prepared.environment.docker.host, run) : await run({});
  if (code === 0) await printSummary(prepared, format);
  return code;
}
