import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFolder } from "./cache-folder.ts";

const BEAT_MS = 10_000;
const STALE_MS = 60_000;
const POLL_MS = 500;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `work` while holding a lock file, so that two clones do not obtain the same program at once.
 *
 * A holder that died is recognised by its process (same machine) or by its silence (any machine).
 */
export async function withLock<T>(file: string, onWait: (holder: string) => void, work: () => Promise<T>): Promise<T> {
  makeFolder(dirname(file));
  for (let told = false; !take(file); told = true) {
    const holder = readHolder(file);
    if (isDead(file, holder)) discard(file);
    else {
      if (!told) onWait(holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`);
      await sleep(POLL_MS);
    }
  }
  const beat = setInterval(() => touch(file), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    const descriptor = openSync(file, "wx");
    writeSync(descriptor, JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    closeSync(descriptor);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}

function isDead(file: string, holder: Holder | undefined): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
  } catch {
    return false;
  }
  if (holder === undefined || holder.host !== hostname() || holder.pid === process.pid) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

// Renamed before it is removed: of two that find it dead only one succeeds.
function discard(file: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    rmSync(aside, { force: true });
  } catch {
    // Another process was faster.
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // The lock was taken for dead, for instance after the machine slept: the worst is a second build.
  }
}
