import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { isUploadName, uploadName } from "./names.ts";
import type { HostBundle } from "./plan-bundle.ts";

/** Longer than any `up` takes, in milliseconds. */
const A_DAY = 24 * 60 * 60 * 1000;

/** Writes a bundle into a folder of this machine, unless it is there and whole. @returns its path */
export function keepBundle(folder: string, { version, sha256, archive }: Omit<HostBundle, "files">): string {
  const file = join(folder, uploadName(version));
  if (holds(file, sha256)) {
    // Of this run, too.
    utimesSync(file, new Date(), new Date());
    return file;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Whole or not at all: a short file of an interrupted run would be sent for ever.
  const begun = `${file}.${process.pid}`;
  writeFileSync(begun, archive, { mode: 0o600 });
  renameSync(begun, file);
  return file;
}

function holds(file: string, sha256: string): boolean {
  return existsSync(file) && createHash("sha256").update(readFileSync(file)).digest("hex") === sha256;
}

/**
 * Takes away the bundles of earlier runs. Each run marks those it sends as its own, so one that is a day old is nobody's. The
 * state may still name it, with its digest, and that is all that anybody reads of it (decision 15).
 */
export function pruneBundles(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder).filter(isUploadName)) {
    const file = join(folder, name);
    const { mtimeMs = Date.now() } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (Date.now() - mtimeMs > A_DAY) rmSync(file, { force: true });
  }
}
