import { hasStack, readResources, type StateResource } from "../cli/engine.ts";
import type { Prepared } from "../cli/prepare.ts";
import { diffSummaries } from "./diff.ts";
import { type EnvironmentChanges, toMarkdown, toText } from "./format.ts";
import type { Summary } from "./model.ts";
import { toOverview } from "./overview.ts";
import { KEPT_SUMMARY_TYPE, unpackSummary } from "./pack.ts";
import { planSummary } from "./plan.ts";

const STACK_TYPE = "pulumi:pulumi:Stack";

/** How a summary is told; `json` has all of it. */
export type SummaryFormat = "text" | "markdown" | "json";

/** The last of `--json`, `--markdown` among arguments; text without. */
export function parseFormat(args: readonly string[]): SummaryFormat {
  const chosen = args.filter((arg) => arg === "--json" || arg === "--markdown").at(-1);
  return chosen === "--json" ? "json" : chosen === "--markdown" ? "markdown" : "text";
}

/** Prints what differs from the environment's last `up`, which left its summary in the state of the stack. */
export async function printSummary(
  { environment, topology, deployables }: Prepared,
  format: SummaryFormat,
): Promise<void> {
  const before = hasStack(environment.name) ? findSummary(await readResources(environment)) : undefined;
  const now = planSummary(topology, deployables);
  const changes = compareWithLastUp(before, now);
  if (format === "json") console.log(JSON.stringify({ ...changes, ...(before ? { before } : {}), now }, null, 2));
  else console.log(format === "markdown" ? toMarkdown([changes]) : `\n${toText([changes])}`);
}

/** The summary of the last `up`; an earlier version of this program kept it among the outputs of the stack. */
function findSummary(resources: readonly StateResource[]): Summary | undefined {
  const [kept, stack] = [KEPT_SUMMARY_TYPE, STACK_TYPE].map((wanted) => resources.find(({ type }) => type === wanted));
  return unpackSummary((kept ?? stack)?.outputs?.["summary"]);
}

/** @param before - none where no `up` of this version was there yet */
export function compareWithLastUp(before: Summary | undefined, now: Summary): EnvironmentChanges {
  const { environment } = now;
  const against = "the last up";
  if (before !== undefined) return { environment, against, notes: [], changes: diffSummaries(before, now) };
  const note = "the state holds no summary of an earlier up: nothing to compare with";
  return { environment, against, notes: [note], changes: [], overview: toOverview(now) };
}
