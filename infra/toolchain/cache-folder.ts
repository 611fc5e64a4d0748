import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";

const MIB = 1024 * 1024;

/** Least free space to begin with: the programs of `local` take about 800 MiB, those of a test cluster 500 MiB more. */
const LEAST_FREE_MIB = 1024;

export interface RoomOptions {
  /** What large archives take beside that, packed and unpacked, in MiB. @default 0 */
  readonly moreMiB?: number;
  /** Free space of a folder in MiB. @default asks the file system */
  readonly freeMiB?: ((folder: string) => number) | undefined;
}

/** @throws {ConfigError} when the cache folder cannot be written or is nearly full */
export function requireWritableCache(cache: string, { moreMiB = 0, freeMiB = freeMiBOf }: RoomOptions = {}): void {
  try {
    for (const part of ["programs", "work", "locks", "logs"]) makeFolder(join(cache, part));
    rmSync(mkdtempSync(join(cache, "work", "probe.")), { recursive: true });
  } catch (error) {
    throw toCacheError(error, cache);
  }
  const free = freeMiB(cache);
  const least = LEAST_FREE_MIB + moreMiB;
  if (free >= least) return;
  throw new ConfigError([
    {
      path: cache,
      expected: `at least ${least} MiB free for the programs`,
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

/** A fault of the cache's file system, said in words; any other error as it is. */
export function toCacheError(error: unknown, cache: string): unknown {
  const { code = "", path = cache, syscall = "" } = error as NodeJS.ErrnoException;
  const got = FOLDER_FAULTS[code];
  // A program that is not there is no fault of the folder, nor is a file elsewhere.
  const isElsewhere = syscall.startsWith("spawn") || !(path.startsWith(cache) || cache.startsWith(path));
  if (got === undefined || isElsewhere) return error;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new ConfigError([
    {
      path: cache,
      expected: "a cache folder this user may write to, with space for the programs",
      got,
      fix: `${isFull ? "free some space" : "make it writable"}, or choose another folder: XDG_CACHE_HOME=<folder> npm start`,
    },
  ]);
}
