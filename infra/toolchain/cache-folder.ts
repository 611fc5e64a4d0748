import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";

const MIB = 1024 * 1024;

/** Least free space to begin with: the programs of `local` take about 800 MiB, those of a test cluster 500 MiB more. */
const LEAST_FREE_MIB = 1024;

/** @throws {ConfigError} when the cache folder cannot be written or is nearly full */
export function requireWritableCache(cache: string, freeMiB: (folder: string) => number = freeMiBOf): void {
  try {
    for (const part of ["programs", "work", "locks", "logs"]) makeFolder(join(cache, part));
    rmSync(mkdtempSync(join(cache, "work", "probe.")), { recursive: true });
  } catch (error) {
    throw toCacheError(error, cache);
  }
  const free = freeMiB(cache);
  if (free >= LEAST_FREE_MIB) return;
  throw new ConfigError([
    {
      path: cache,
      expected: `at least ${LEAST_FREE_MIB} MiB free for the programs`,
      got: `${Math.floor(free)} MiB free`,
      fix: "free some space, or choose another folder: XDG_CACHE_HOME=<folder> npm start",
    },
  ]);
}

/** Not `mkdir` with `recursive`: that one never returns where a parent exists but takes no folders, as below /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(folder).isDirectory()) throw error;
  }
}

function freeMiBOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / MIB;
}

const FOLDER_FAULTS: Readonly<Record<string, string>> = {
  EACCES: "no permission to write",
  EPERM: "no permission to write",
  EROFS: "a read-only file system",
  ENOSPC: "no space left",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a file where a folder should be",
  ENOENT: "a place that takes no folders",
  EEXIST: "a file where a folder should be",
};

/** A fault of the file system, said in words; any other error as it is. */
export function toCacheError(error: unknown, cache: string): unknown {
  const got = FOLDER_FAULTS[(error as NodeJS.ErrnoException).code ?? ""];
  if (got === undefined) return error;
  return new ConfigError([
    {
      path: cache,
      expected: "a cache folder this user may write to, with space for the programs",
      got,
      fix: "make it writable, or choose another folder: XDG_CACHE_HOME=<folder> npm start",
    },
  ]);
}
