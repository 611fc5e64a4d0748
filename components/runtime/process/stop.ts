import { rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ProcessIdentity } from "./proc.ts";
import { isAlive } from "./proc.ts";
import { findRunning } from "./process-record.ts";
import { removeIfEmpty, storing } from "./storage.ts";

/**
 * Time a program gets to flush and end by itself. Tempo 2.9 needs 3 to 4 s, and never ends while a query is in flight: its
 * queue waits for queriers that have stopped.
 */
const GRACE_MS = 15_000;
const KILLED_WITHIN_MS = 5_000;

/** Ends a process: TERM, then KILL after the grace. Touches nothing when it is not that process any more. */
export async function endProcess(identity: ProcessIdentity, graceMs = GRACE_MS): Promise<void> {
  if (!signal(identity, identity.pid, "SIGTERM")) return;
  // One that is stopped (SIGSTOP) hears of it only once it goes on.
  signal(identity, identity.pid, "SIGCONT");
  if (await hasEnded(identity, graceMs)) return;
  // It leads its own session: a negative number reaches its children too.
  signal(identity, -identity.pid, "SIGKILL");
  if (await hasEnded(identity, KILLED_WITHIN_MS)) return;
  throw new Error(`process ${identity.pid} did not end on KILL: is its disk hanging?`);
}

/** Ends the process of a workload's folder, if it still runs. */
export async function stopWorkload(folder: string, graceMs = GRACE_MS): Promise<void> {
  const running = findRunning(folder);
  if (running !== undefined) await endProcess(running, graceMs);
}

/** Ends the process and removes all it had: files, secrets, data and logs. */
export async function removeWorkload(folder: string, graceMs = GRACE_MS): Promise<void> {
  const parent = dirname(folder);
  if (basename(parent) !== "workloads") throw new Error(`not the folder of a workload: ${folder}`);
  await stopWorkload(folder, graceMs);
  storing(folder, () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  if (removeIfEmpty(parent)) removeIfEmpty(dirname(parent));
}

function signal(identity: ProcessIdentity, target: number, name: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(target, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

async function hasEnded(identity: ProcessIdentity, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(identity)) {
    if (Date.now() > deadline) return false;
    await sleep(40);
  }
  return true;
}
