import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { requireWritableCache } from "./cache-folder.ts";
import { type Entry, fill } from "./catalogue.ts";
import { Downloads } from "./download.ts";
import { requireGo } from "./go.ts";
import { isRemembered, remember } from "./memory.ts";
import { type Context, NotAvailable, obtain, type Plan } from "./obtain.ts";
import { Progress, toPlanText, usualSeconds } from "./progress.ts";
import { Reachability } from "./reachability.ts";
import { siteAddress } from "./release-site.ts";

/** How to go about what is missing. */
export interface ObtainOptions {
  /** Does not look for official archives: everything is built with Go. @default false */
  readonly offline?: boolean;
  /** Asks again for what could not be had a short while ago. @default false */
  readonly retry?: boolean;
  /** Free space of a folder in MiB. @default asks the file system */
  readonly freeMiB?: (folder: string) => number;
}

/**
 * Obtains what is missing, source by source.
 *
 * @returns program to the reason why it cannot be had here
 */
export async function obtainMissing(
  missing: readonly Entry[],
  context: Context,
  options: ObtainOptions,
): Promise<Map<string, string>> {
  const unavailable = new Map<string, string>();
  const groups = Object.entries(Object.groupBy(missing, ({ sourceName }) => sourceName));
  const wanted: Plan[] = [];
  const reachability = new Reachability(context.env);
  for (const [sourceName, entries = []] of groups) {
    const source = entries[0]?.source;
    const reason = absence(sourceName, source, context, options);
    if (reason === undefined) wanted.push(await planSource(sourceName, entries, reachability, context, options));
    else for (const { name } of entries) unavailable.set(name, reason);
  }
  const possible = wanted.filter((plan) => isPossible(plan, unavailable, context));
  if (possible.length > 0) await obtainAll(possible, unavailable, context, options);
  return unavailable;
}

function absence(
  sourceName: string,
  source: Entry["source"] | undefined,
  { cache, site }: Context,
  { retry = false, offline = false }: ObtainOptions,
): string | undefined {
  if (source?.build !== undefined) return undefined;
  if (source?.release === undefined) return source?.absent ?? "it is only a container image";
  if (offline) return "it comes only as an official archive, and none is looked for";
  return retry || !isRemembered(cache, sourceName, site) ? undefined : notReached("asked a short while ago");
}

function notReached(why: string): string {
  return `it comes only as an official archive, which cannot be reached from here (${why}); to try again: node_modules/.bin/node infra/toolchain/main.ts`;
}

async function planSource(
  sourceName: string,
  entries: readonly Entry[],
  reachability: Reachability,
  context: Context,
  { offline = false }: ObtainOptions,
): Promise<Plan> {
  const [entry] = entries;
  const release = entry?.source.release;
  const plan = { sourceName, entries };
  if (entry === undefined || release === undefined) return { ...plan, release: false };
  if (offline) return { ...plan, release: false, unreached: "--offline looks for none" };
  const reach = await reachability.reach(siteAddress(archiveOf(entry, context), context.site));
  return reach.reached ? { ...plan, release: true } : { ...plan, release: false, unreached: reach.reason };
}

function isPossible(
  { sourceName, entries, release, unreached = "" }: Plan,
  unavailable: Map<string, string>,
  { cache, site }: Context,
): boolean {
  if (release || entries[0]?.source.build !== undefined) return true;
  for (const { name } of entries) unavailable.set(name, notReached(unreached));
  remember(cache, sourceName, site);
  return false;
}

/** Two at a time: while one links, on one core, the other compiles. */
const AT_ONCE = 2;

async function obtainAll(
  plans: readonly Plan[],
  unavailable: Map<string, string>,
  context: Context,
  { freeMiB }: ObtainOptions,
): Promise<void> {
  const fetched = plans.flatMap(({ entries, release }) => (release ? entries.slice(0, 1) : []));
  const moreMiB = fetched.reduce((sum, { source }) => sum + (source.release?.spaceMiB ?? 0), 0);
  requireWritableCache(context.cache, { moreMiB, freeMiB });
  await requireGoFor(plans, context);
  context.onProgress(toPlanText(plans, context.cache, availableParallelism()));
  const progress = new Progress(plans.length, context.onProgress);
  const waiting = [...plans].sort((left, right) => usualSeconds(right) - usualSeconds(left));
  const failures: unknown[] = [];
  const downloads = new Downloads({ ...context, expected: fetched.map((entry) => archiveOf(entry, context)) });
  const lane = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined && failures.length === 0; plan = waiting.shift()) {
      try {
        await progress.during(plan, () => obtain(plan, context, downloads));
      } catch (error) {
        if (error instanceof NotAvailable) leaveOut(plan, error, unavailable, context);
        else failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  progress.end();
  downloads.end();
  if (failures.length > 0) throw toOneError(failures);
}

function archiveOf({ source }: Entry, { architecture }: Context): string {
  return fill(source.release?.archive ?? "", source, architecture);
}

/** Before anything is fetched: a machine that must build and cannot is to hear so at once. */
async function requireGoFor(plans: readonly Plan[], { cache, env, catalogue }: Context): Promise<void> {
  const built = plans.filter(({ release }) => !release);
  if (built.length === 0) return;
  const why = built.find(({ unreached }) => unreached !== undefined)?.unreached;
  const because = `the official archives cannot be had here${why === undefined ? "" : ` (${why})`}`;
  await requireGo(catalogue.go.minimum, because, { cwd: cache, env, log: join(cache, "logs", "go.log") });
}

function leaveOut(
  { entries }: Plan,
  { message }: NotAvailable,
  unavailable: Map<string, string>,
  { onProgress }: Context,
): void {
  for (const { name } of entries) {
    unavailable.set(name, message);
    onProgress(`WARNING: ${name} is left out: ${message}`);
  }
}

function toOneError(failures: readonly unknown[]): unknown {
  if (!failures.every((failure) => failure instanceof ConfigError))
    return failures.find((failure) => !(failure instanceof ConfigError));
  return new ConfigError(failures.flatMap(({ problems }) => problems));
}
