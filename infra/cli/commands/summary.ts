import { ConfigError } from "../../../components/core/errors.ts";
import { readEnvironment } from "../../environment/load.ts";
import type { Environment } from "../../environment/schema.ts";
import { listEnvironmentNames, parseEnvironmentName } from "../../environment/stack-file.ts";
import { type EarlierSide, type EarlierSides, readAgainst } from "../../summary/against.ts";
import { diffSummaries } from "../../summary/diff.ts";
import { type EnvironmentChanges, toMarkdown, toText } from "../../summary/format.ts";
import { countLines } from "../../summary/line-counts.ts";
import type { Summary } from "../../summary/model.ts";
import { toOverview } from "../../summary/overview.ts";
import { parseFormat } from "../../summary/print.ts";
import { planStack, type Side } from "../../summary/stack.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { OFFLINE } from "../unavailable.ts";

export const command: Command = {
  usage: "npm run summary -- [<stack>...] [--against <commit>] [--set path=value]... [--json | --markdown]",
  summary:
    "Says what an environment is, or with --against how it differs from the same at a branch, tag or commit, in words:\n" +
    "hosts, sampling, thresholds, alerts, receivers, images, sizes, ports, retention, dashboards, files, cost.\n" +
    "--set alone compares with the stack file as it is. Without a stack: all. Asks no engine, cluster, secret or network.",
  run: async (args) => {
    const { names, sets, against } = parseArguments(args);
    const environments = names.map((name) => parseEnvironment([name, ...sets]));
    const earlier = readEarlier(names, against, sets.length > 0);
    const told = environments.map((environment) => tell(environment, earlier?.label, earlier?.sides[environment.name]));
    console.log(toOutput(told, args).trimEnd());
    return 0;
  },
};

interface Earlier {
  readonly label: string;
  readonly sides: EarlierSides;
}

/** What to compare with; none where nobody asks for a comparison. */
function readEarlier(names: readonly string[], against: string | undefined, isTried: boolean): Earlier | undefined {
  if (against !== undefined) return { label: against, sides: readAgainst(PROJECT_ROOT, against, names) };
  if (!isTried) return undefined;
  const sides = names.map((name) => {
    const side = planStack(readEnvironment(PROJECT_ROOT, name), OFFLINE);
    return [name, { side, notes: [] }] as const;
  });
  return { label: "the stack file as it is", sides: Object.fromEntries(sides) };
}

interface Told extends EnvironmentChanges {
  readonly before?: Side["summary"];
  readonly now: Summary;
}

function tell(environment: Environment, against: string | undefined, earlier: EarlierSide | undefined): Told {
  const { summary: now, contents } = planStack(environment, OFFLINE);
  const base = { environment: environment.name, against: against ?? "nothing", notes: earlier?.notes ?? [], now };
  const before = earlier?.side;
  if (before === undefined) return { ...base, changes: [], overview: toOverview(now) };
  const changes = diffSummaries(before.summary, now, countLines(before.contents, contents));
  return { ...base, before: before.summary, changes };
}

/** `--json` gives the model: the summaries by stack, and with a comparison both sides of each. */
function toOutput(told: readonly Told[], args: readonly string[]): string {
  const format = parseFormat(args);
  if (format === "text") return toText(told);
  if (format === "markdown") return toMarkdown(told);
  const entries = told.map(({ environment, against, notes, before, now, changes }) => [
    environment,
    against === "nothing" ? now : { against, notes, changes, ...(before === undefined ? {} : { before }), now },
  ]);
  return JSON.stringify(Object.fromEntries(entries), null, 2);
}

function parseArguments(args: readonly string[]) {
  const names: string[] = [];
  const sets: string[] = [];
  const unknown: string[] = [];
  let against: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--set") sets.push(arg, args[++index] ?? "");
    else if (arg === "--against") against = args[++index] ?? "";
    else if (!arg.startsWith("--")) names.push(arg);
    else if (arg !== "--json" && arg !== "--markdown") unknown.push(arg);
  }
  if (unknown.length > 0) {
    const expected = "stacks, and --against, --set, --json, --markdown";
    const fix = "npm run summary -- production --against origin/main";
    throw new ConfigError([{ path: "summary", expected, got: unknown.join(", "), fix }]);
  }
  const chosen = new Set(names.map((name) => parseEnvironmentName(name)));
  return { names: listEnvironmentNames().filter((name) => chosen.size === 0 || chosen.has(name)), sets, against };
}
