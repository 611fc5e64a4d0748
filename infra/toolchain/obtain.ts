import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { buildWithGo } from "./build.ts";
import { toCacheError } from "./cache-folder.ts";
import { install, locate, makeWorkFolder, type Manifest, programFolder } from "./cache.ts";
import { type Architecture, type Catalogue, companionsOf, type Entry, versionKey } from "./catalogue.ts";
import { withLock } from "./lock.ts";
import { type Downloads, Unreachable } from "./download.ts";
import { requireGo } from "./go.ts";
import { fetchRelease } from "./release.ts";
import type { ReleaseSite } from "./release-site.ts";

/** Everything that obtaining programs depends on; tests replace parts of it. */
export interface Context {
  readonly cache: string;
  readonly catalogue: Catalogue;
  readonly goFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly architecture: Architecture;
  /** Where releases are fetched. */
  readonly site: ReleaseSite;
  readonly onProgress: (line: string) => void;
}

/** How one source is about to be obtained. */
export interface Plan {
  readonly sourceName: string;
  readonly entries: readonly Entry[];
  /** Whether its official archive is fetched. */
  readonly release: boolean;
  /** Why it is not. @default it is */
  readonly unreached?: string;
}

/** Programs that could not be had although nothing is wrong. */
export class NotAvailable extends Error {}

/** Where a program of this version lies, or would lie. */
export function folderOf(entry: Entry, { cache, goFolder }: Pick<Context, "cache" | "goFolder">): string {
  return programFolder(cache, entry.name, versionKey(entry, goFolder));
}

/**
 * Obtains the programs of one source and puts them into the cache.
 *
 * Nothing is visible there before it is whole: an interruption leaves a work folder that the next
 * attempt removes, and what Go had compiled by then stays in Go's own cache.
 */
export async function obtain(plan: Plan, context: Context, downloads: Downloads): Promise<void> {
  const { cache, onProgress } = context;
  const lock = join(cache, "locks", `${plan.sourceName}.lock`);
  const onWait = (holder: string): void => onProgress(`${plan.sourceName}: ${holder} is obtaining it; waiting`);
  try {
    await withLock(lock, onWait, async () => {
      const entries = plan.entries.filter((entry) => locate(folderOf(entry, context)).state !== "present");
      if (entries.length > 0) await obtainLocked({ ...plan, entries }, context, downloads);
    });
  } catch (error) {
    throw toCacheError(error, cache);
  }
}

async function obtainLocked(plan: Plan, context: Context, downloads: Downloads): Promise<void> {
  const work = makeWorkFolder(context.cache, plan.sourceName);
  try {
    const { out, obtained } = await stage(plan, work, context, downloads);
    for (const entry of plan.entries) place(entry, out, obtained, work, context);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function stage(
  { sourceName, entries, release }: Plan,
  work: string,
  context: Context,
  downloads: Downloads,
): Promise<{ out: string; obtained: Manifest["obtained"] }> {
  const { env, goFolder, cache, architecture, onProgress } = context;
  const source = entries[0]?.source;
  const log = join(cache, "logs", `${sourceName}.log`);
  if (release && source?.release !== undefined) {
    try {
      const out = await fetchRelease(entries, source.release, { work, cache, architecture, downloads });
      return { out, obtained: "release" };
    } catch (error) {
      if (source.build === undefined) throw toLeftOut(error);
      if (!(error instanceof Unreachable)) throw error;
      const because = `${sourceName} cannot be had as an archive: ${error.message}`;
      await requireGo(context.catalogue.go.minimum, because, { cwd: cache, env, log });
      onProgress(`${sourceName}: ${error.message}; building it with Go instead`);
    }
  }
  if (source?.build === undefined) throw new NotAvailable(source?.absent ?? "its official archive cannot be reached");
  return { out: await buildWithGo(entries, source.build, { work, goFolder, env, log }), obtained: "build" };
}

/** A program that exists as an archive alone is left out where the archive is not the one described. */
function toLeftOut(error: unknown): unknown {
  if (error instanceof Unreachable) return new NotAvailable(error.message);
  if (!(error instanceof ConfigError)) return error;
  const faults = error.problems.map(({ path, expected, got }) => `${path}: expected ${expected}, got ${got}`);
  return new NotAvailable(`its archive was refused: ${faults.join("; ")}`);
}

function place(entry: Entry, out: string, obtained: Manifest["obtained"], work: string, context: Context): void {
  const { name, program, source } = entry;
  const target = folderOf(entry, context);
  const contents = { program: name, version: source.version, obtained } as const;
  if (source.release?.keepAll === true) {
    install(join(out, name), target, contents, [program.member ?? name]);
    return;
  }
  const staged = join(work, `staged-${name}`);
  mkdirSync(staged);
  const paths = [name, ...companionsOf(program, obtained).map((companion) => companion.name)];
  for (const path of paths) renameSync(join(out, path), join(staged, path));
  install(staged, target, contents, paths);
}
