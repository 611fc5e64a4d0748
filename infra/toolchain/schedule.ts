import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { requireWritableCache } from "./cache-folder.ts";
import type { Entry } from "./catalogue.ts";
import { requireGo } from "./go.ts";
import { isRemembered, remember } from "./memory.ts";
import { type Context, NotAvailable, obtain, type Plan } from "./obtain.ts";
import { Progress, toPlanText, usualSeconds } from "./progress.ts";
import { Reachability } from "./release.ts";

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
  const reachability = new Reachability();
  for (const [sourceName, entries = []] of groups) {
    const source = entries[0]?.source;
    const reason = absence(sourceName, source, context, options);
    if (reason === undefined) wanted.push(await planSource(sourceName, entries, reachability, options));
    else for (const { name } of entries) unavailable.set(name, reason);
  }
  const possible = wanted.filter((plan) => isPossible(plan, unavailable, context));
  if (possible.length > 0) await obtainAll(possible, unavailable, context, options);
  return unavailable;
}

function absence(
  sourceName: string,
  source: Entry["source"] | undefined,
  { cache }: Context,
  { retry = false, offline = false }: ObtainOptions,
): string | undefined {
  if (source?.build !== undefined) return undefined;
  if (source?.release === undefined) return source?.absent ?? "it is only a container image";
  if (offline) return "it comes only as an official archive, and none is looked for";
  return retry || !isRemembered(cache, sourceName) ? undefined : NOT_REACHED;
}

const NOT_REACHED =
  "it comes only as an official archive, which cannot be reached from here; to try again: node infra/toolchain/main.ts";

async function planSource(
  sourceName: string,
  entries: readonly Entry[],
  reachability: Reachability,
  { offline = false }: ObtainOptions,
): Promise<Plan> {
  const release = entries[0]?.source.release;
  return { sourceName, entries, release: release !== undefined && !offline && (await reachability.canReach(release)) };
}

function isPossible(
  { sourceName, entries, release }: Plan,
  unavailable: Map<string, string>,
  { cache }: Context,
): boolean {
  if (release || entries[0]?.source.build !== undefined) return true;
  for (const { name } of entries) unavailable.set(name, NOT_REACHED);
  remember(cache, sourceName);
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
  requireWritableCache(context.cache, freeMiB);
  if (plans.some(({ release }) => !release)) {
    const run = { cwd: context.cache, env: context.env, log: join(context.cache, "logs", "go.log") };
    await requireGo(context.catalogue.go.minimum, run);
  }
  context.onProgress(toPlanText(plans, context.cache, availableParallelism()));
  const progress = new Progress(plans.length, context.onProgress);
  const waiting = [...plans].sort((left, right) => usualSeconds(right) - usualSeconds(left));
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let plan = waiting.shift(); plan !== undefined && failures.length === 0; plan = waiting.shift()) {
      try {
        await progress.during(plan, () => obtain(plan, context));
      } catch (error) {
        if (!(error instanceof NotAvailable)) failures.push(error);
        else for (const { name } of plan.entries) unavailable.set(name, error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  progress.end();
  if (failures.length > 0) throw toOneError(failures);
}

function toOneError(failures: readonly unknown[]): unknown {
  if (!failures.every((failure) => failure instanceof ConfigError))
    return failures.find((failure) => !(failure instanceof ConfigError));
  return new ConfigError(failures.flatMap(({ problems }) => problems));
}
