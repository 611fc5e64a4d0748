import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";

/**
 * Which process it is, beyond its number: Linux hands numbers out again, but never with the same start
 * time since the same boot.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start, `/proc/<pid>/stat` field 22. */
  readonly startTime: string;
  readonly bootId: string;
}

/** The identity of a live process, or undefined when there is none with that number. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = readStartTime(pid);
  return startTime === undefined ? undefined : { pid, startTime, bootId: readBootId() };
}

/** Whether exactly that process still runs; a zombie does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === readBootId() && identity.startTime === readStartTime(identity.pid);
}

/** Name of a process for a person to read, such as `prometheus`: its program's, since threads rename `comm`. */
export function readProcessName(pid: number): string | undefined {
  const program = read(`/proc/${pid}/cmdline`)?.split("\0")[0] ?? "";
  return basename(program) || read(`/proc/${pid}/comm`)?.trim();
}

/** The folder a process works in; undefined where that cannot be seen. */
export function readWorkingFolder(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

function readStartTime(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // Field 2 is the name in parentheses and may hold spaces: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const isDead = fields[0] === "Z" || fields[0] === "X";
  return isDead ? undefined : fields[19];
}

function readBootId(): string {
  return read("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
