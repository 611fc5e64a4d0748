import {
  createReadStream,
  createWriteStream,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const MIB = 1024 * 1024;

/** The log of a workload, standard output and error together. */
export function logFileOf(folder: string): string {
  return join(folder, "stdout.log");
}

/** Size of a file in bytes, 0 when there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Keeps a log below its cap: the newer half goes to `<log>.1` and the log starts again. The writer holds the
 * file open for appending, so it goes on at the new end; lines written during the copy may be lost.
 *
 * @returns whether it was above the cap
 */
export async function capLog(path: string, capMiB: number): Promise<boolean> {
  const cap = capMiB * MIB;
  const size = sizeOf(path);
  if (size <= cap) return false;
  const start = Math.max(0, size - Math.floor(cap / 2));
  await pipeline(createReadStream(path, { start }), createWriteStream(`${path}.1.new`, { mode: 0o600 }));
  renameSync(`${path}.1.new`, `${path}.1`);
  truncateSync(path, 0);
  return true;
}

/** The last lines of a log written after `from` bytes. */
export function tailOf(path: string, from = 0, lines = 20): string {
  if (!existsSync(path)) return "";
  const content = readFileSync(path);
  const fresh = content.subarray(content.length >= from ? from : 0).toString("utf8");
  return fresh.trimEnd().split("\n").slice(-lines).join("\n");
}
