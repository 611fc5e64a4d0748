import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../../core/errors.ts";

/** What the operating system may say about a folder, and what helps. */
const REASONS: Readonly<Record<string, readonly [got: string, fix: string]>> = {
  EACCES: ["permission denied", 'give this user the folder: chown -R "$USER"'],
  EPERM: ["not permitted", 'give this user the folder: chown -R "$USER"'],
  EROFS: ["a read-only file system", "choose a writable folder with XDG_STATE_HOME, not"],
  ENOSPC: ["no space left on the disk", "free some space: df -h"],
  EDQUOT: ["the disk quota is used up", "free some space: df -h"],
  ENOTDIR: ["a file where a folder should be", "move it away:"],
  ENAMETOOLONG: ["a path too long", "choose a shorter folder with XDG_STATE_HOME, not"],
};

/** Runs something that writes below a folder; what the disk refuses becomes a clear {@link ConfigError}. */
export function storing<T>(folder: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw toStorageError(folder, error);
  }
}

/** The error a person can act on, or the same error when it is not about storage. */
export function toStorageError(folder: string, error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  const reason = REASONS[code ?? ""];
  if (reason === undefined) return error;
  const [got, fix] = reason;
  const where = path ?? folder;
  return new ConfigError([
    { path: where, expected: "a state folder this user can write", got: `${got} (${code})`, fix: `${fix} ${folder}` },
  ]);
}

/**
 * Makes a folder only its owner can enter, and those above it. Step by step: Node's recursive `mkdir` says
 * "no such file" on a read-only file system.
 */
export function makePrivateFolder(folder: string): void {
  if (existsSync(folder)) return;
  makePrivateFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Writes a file only its owner can read, all of it or not at all. */
export function writePrivateFile(path: string, content: string): void {
  makePrivateFolder(dirname(path));
  const aside = `${path}.new`;
  writeFileSync(aside, content, { mode: 0o600 });
  chmodSync(aside, 0o600);
  renameSync(aside, path);
}

/** Content of a file, or undefined when there is none. */
export function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/**
 * Makes the files below a folder exactly these: writes what differs, deletes what an earlier version of the
 * workload had. Data and logs are not in either list and stay.
 */
export function syncFiles(folder: string, files: Readonly<Record<string, string>>, previous: readonly string[]): void {
  for (const path of previous) {
    if (!(path in files)) removeFile(folder, path);
  }
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    if (readIfPresent(target) !== content) writePrivateFile(target, content);
  }
}

function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== "."; folder = dirname(folder)) {
    if (!removeIfEmpty(join(root, folder))) return;
  }
}

/** Removes a folder unless something is in it. */
export function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
