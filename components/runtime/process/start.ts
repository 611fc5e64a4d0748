import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "../../core/errors.ts";
import { toHealthText, waitUntilHealthy, type Unready } from "./health.ts";
import { capLog, logFileOf, sizeOf, tailOf } from "./log-file.ts";
import { probePorts, toPortProblems } from "./occupied-ports.ts";
import { identify } from "./proc.ts";
import { findRunning, readRecord, writeRecord, type ProcessRecord } from "./process-record.ts";
import type { ProcessSpec } from "./process-spec.ts";
import { endProcess, stopWorkload } from "./stop.ts";
import { makePrivateFolder, storing, syncFiles, toStorageError } from "./storage.ts";

/** A program that never became ready has nothing to flush. */
const GIVE_UP_GRACE_MS = 2_000;

const SOCKETS_CLOSE_WITHIN_MS = 1_000;

/** A process that did not become ready; the message ends with its last lines. */
export class StartError extends Error {
  constructor(spec: ProcessSpec, reason: string, logStart: number) {
    const log = logFileOf(spec.folder);
    const tail = tailOf(log, logStart) || "(nothing)";
    super(`${spec.name} ${reason}\nlast lines of ${log}:\n${tail.replace(/^/gm, "  | ")}`);
    this.name = "StartError";
  }
}

export interface EnsureOptions {
  /** It was found to run and not to answer: it is asked once more, and not waited for as for one that starts. @default false */
  readonly wasSilent?: boolean;
}

/**
 * Makes a workload run as described and waits until it is healthy: leaves it alone when it already does
 * (an interrupted update may have started it), else stops what runs in its folder and starts it anew.
 *
 * @throws ConfigError when a port is taken or the folder cannot be written
 * @throws StartError when it ends or is not healthy in time; nothing is left running then
 */
export async function ensureProcess(
  spec: ProcessSpec,
  { wasSilent = false }: EnsureOptions = {},
): Promise<ProcessRecord> {
  const running = findRunning(spec.folder);
  if (running?.planHash === spec.planHash && running.secretHash === spec.secretHash) {
    const health = wasSilent ? { ...spec.health, deadlineSeconds: 0 } : spec.health;
    if ((await waitUntilHealthy(health, spec.folder, () => isStill(running))) === undefined) return running;
  }
  const previousFiles = readRecord(spec.folder)?.files ?? [];
  await stopWorkload(spec.folder);
  await validatePortsFree(spec);
  const files = { ...spec.files, ...spec.secretFiles };
  storing(spec.folder, () => {
    makePrivateFolder(spec.folder);
    syncFiles(spec.folder, files, previousFiles);
    for (const folder of spec.dataFolders) makePrivateFolder(join(spec.folder, folder));
  });
  return start(spec, Object.keys(files));
}

/** The kernel may close the sockets of a killed process a moment after it is gone: ask again before refusing. */
async function validatePortsFree(spec: ProcessSpec): Promise<void> {
  const workload = { name: spec.name, ports: toPorts(spec) };
  for (const deadline = Date.now() + SOCKETS_CLOSE_WITHIN_MS; ; await sleep(50)) {
    const occupied = await probePorts([workload]);
    if (occupied.length === 0) return;
    if (Date.now() > deadline) throw new ConfigError(toPortProblems(occupied));
  }
}

async function start(spec: ProcessSpec, files: readonly string[]): Promise<ProcessRecord> {
  const log = logFileOf(spec.folder);
  await capLog(log, spec.logCapMiB).catch((error: unknown) => Promise.reject(toStorageError(spec.folder, error)));
  const logStart = sizeOf(log);
  const child = storing(spec.folder, () => spawnDetached(spec, log));
  const ending = watchEnding(child);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity === undefined) throw new StartError(spec, await ending.reason(), logStart);
  const { name, planHash, secretHash, health } = spec;
  const record: ProcessRecord = { ...identity, name, planHash, secretHash, files, health };
  try {
    storing(spec.folder, () => writeRecord(spec.folder, record));
    const unready = await waitUntilHealthy(spec.health, spec.folder, () => !ending.has());
    if (unready === undefined) return record;
    throw new StartError(spec, await reasonOf(unready, spec, ending), logStart);
  } catch (error) {
    await endProcess(identity, GIVE_UP_GRACE_MS);
    throw error;
  }
}

function spawnDetached(spec: ProcessSpec, log: string): ChildProcess {
  const output = openSync(log, "a", 0o600);
  try {
    const [program = "", ...leading] = spec.command;
    const child = spawn(program, [...leading, ...spec.args], {
      cwd: spec.folder,
      detached: true,
      stdio: ["ignore", output, output],
      // Nothing else of our own environment: passphrases and cloud credentials are in it.
      env: { PATH: process.env["PATH"] ?? "", HOME: spec.folder, ...spec.env },
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

interface Ending {
  has(): boolean;
  reason(): Promise<string>;
}

function watchEnding(child: ChildProcess): Ending {
  let ended = false;
  const reason = new Promise<string>((resolve) => {
    const end = (text: string) => {
      ended = true;
      resolve(text);
    };
    child.once("error", (error) => end(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      end(signal === null ? `ended early with exit code ${code}` : `was ended early by ${signal}`),
    );
  });
  return { has: () => ended, reason: () => reason };
}

function reasonOf(unready: Unready, { health }: ProcessSpec, ending: Ending): Promise<string> | string {
  if (unready.kind === "exited") return ending.reason();
  return `was not healthy after ${health.deadlineSeconds} s: ${toHealthText(health)} last answered: ${unready.lastAnswer}`;
}

function isStill(record: ProcessRecord): boolean {
  return identify(record.pid)?.startTime === record.startTime;
}

function toPorts({ listeners }: ProcessSpec) {
  return Object.fromEntries(listeners.map(({ name, ...listener }) => [name, listener]));
}
