import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ProcessIdentity } from "./proc.ts";
import { isAlive, readWorkingFolder } from "./proc.ts";
import type { HealthTarget } from "./process-spec.ts";
import { readIfPresent, writePrivateFile } from "./storage.ts";

/**
 * What a workload's folder remembers of the process last started in it: `process.json`. It stays when the
 * process ends: the next start deletes the files it lists that are no longer wanted.
 */
export interface ProcessRecord extends ProcessIdentity {
  readonly name: string;
  readonly planHash: string;
  readonly secretHash: string;
  /** Files written for it, below its folder. */
  readonly files: readonly string[];
  /** Where it answers for itself. @default unknown, of a program that an earlier version started */
  readonly health?: HealthTarget;
}

const FILE = "process.json";
const WORKLOADS = "workloads";

export function readRecord(folder: string): ProcessRecord | undefined {
  const text = readIfPresent(join(folder, FILE));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessRecord;
  } catch {
    return undefined;
  }
}

export function writeRecord(folder: string, record: ProcessRecord): void {
  writePrivateFile(join(folder, FILE), `${JSON.stringify(record, null, 2)}\n`);
}

/** The process of a folder, while it runs and is the one that was started there. */
export function findRunning(folder: string): ProcessRecord | undefined {
  const record = readRecord(folder);
  return record !== undefined && isAlive(record) ? record : undefined;
}

/** Every process that runs out of a state folder. */
export function listRunning(stateFolder: string): readonly ProcessRecord[] {
  return listWorkloadFolders(stateFolder).flatMap((folder) => findRunning(folder) ?? []);
}

/** The state folder that a process runs out of, wherever that is; undefined of a program that is none of this project's. */
export function findStateFolder(pid: number): string | undefined {
  const folder = readWorkingFolder(pid);
  if (folder === undefined || basename(dirname(folder)) !== WORKLOADS || findRunning(folder)?.pid !== pid)
    return undefined;
  return dirname(dirname(folder));
}

/** Folders of workloads below a state folder, running or not. */
export function listWorkloadFolders(stateFolder: string): readonly string[] {
  const root = join(stateFolder, WORKLOADS);
  try {
    return readdirSync(root).map((name) => join(root, name));
  } catch {
    return [];
  }
}
