import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { hashOf } from "../../core/hash.ts";

/** Larger files are programs, told apart by size and time: reading 400 MB on every preview would be felt. */
const READ_UP_TO_BYTES = 1024 * 1024;

/**
 * A digest of the files a command runs, not of where they are: a moved clone or cache restarts nothing, a
 * rebuilt program does. A TypeScript program is its whole folder; what it imports from elsewhere is not seen.
 */
export function fingerprintOf(command: readonly string[]): string {
  return hashOf(command.map((part) => (isAbsolute(part) ? fileIdentity(part) : part)));
}

function fileIdentity(path: string): unknown {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { name: basename(path), missing: true };
  if (path.endsWith(".ts")) return { name: basename(path), sources: sourcesOf(dirname(path)) };
  if (stat.isFile() && stat.size <= READ_UP_TO_BYTES) return { name: basename(path), sha256: digestOf(path) };
  return { name: basename(path), size: stat.size, modified: Math.floor(stat.mtimeMs) };
}

function sourcesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  return Object.fromEntries(names.map((name) => [name, digestOf(join(folder, name))]));
}

function digestOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
