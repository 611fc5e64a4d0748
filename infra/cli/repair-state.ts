import { existsSync, globSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { isJson, restoreState } from "./restore-state.ts";
import { endOrphans, findEngineProcesses } from "./engine-processes.ts";

/** Least free space for a command that changes an environment: its state is written at every step, beside its logs. */
const LEAST_FREE_MIB = 128;
/** A removal only has to write its lock and what is left of the state. */
const LEAST_FREE_TO_REMOVE_MIB = 16;
const MIB = 1024 * 1024;

/** What the engine writes into a lock of state in files. Source: pulumi `pkg/backend/diy/lock.go`. */
interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly timestamp: string;
}

export interface StatePlace {
  readonly stack: string;
  /** The environment's state folder. */
  readonly folder: string;
  /** The engine's own folder, `PULUMI_HOME`. */
  readonly home: string;
  /** Whether everything of the environment is a process of this machine, which its folder knows too. */
  readonly isHere: boolean;
  /** Whether the command changes the environment; one that only looks ends no program. */
  readonly changes: boolean;
}

/**
 * Makes state that an earlier command left half-way usable: a crash, a kill and a full disk leave a lock, plugins without
 * an engine, or a state file that is empty or has empty attributes. Says what it does. State that is kept elsewhere is left alone.
 *
 * @throws {ConfigError} where another command is at work, or where neither the state nor a copy of it can be read
 */
export async function repairState(place: StatePlace, say: (line: string) => void = console.error): Promise<void> {
  releaseState(place, say);
  if (!existsSync(join(place.folder, ".pulumi"))) return;
  dropAttributes(place, say);
  await restoreState(place, say);
}

/**
 * For commands that ask the machine before the engine: what another command is changing just now would look like a fault.
 *
 * @throws {ConfigError} where another command is at work on the environment
 */
export function refuseWhileAtWork({ stack, folder, home }: Pick<StatePlace, "stack" | "folder" | "home">): void {
  const engines = findEngineProcesses(home).filter(({ isEngine }) => isEngine);
  for (const file of globSync(join(folder, ".pulumi", "locks", "**", stack, "*"))) {
    const lock = readLock(file);
    if (lock !== undefined && engines.some(({ pid }) => pid === lock.pid)) throw atWork(stack, lock);
  }
}

function releaseLocks({ stack, folder, home }: StatePlace, say: (line: string) => void): void {
  const engines = findEngineProcesses(home).filter(({ isEngine }) => isEngine);
  for (const file of globSync(join(folder, ".pulumi", "locks", "**", stack, "*"))) {
    const lock = readLock(file);
    if (lock !== undefined && lock.hostname !== hostname()) continue;
    if (lock !== undefined && engines.some(({ pid }) => pid === lock.pid)) throw atWork(stack, lock);
    // A lock that is being written belongs to a living engine.
    if (lock === undefined && engines.length > 0) continue;
    rmSync(file, { force: true });
    say(
      lock === undefined
        ? `${stack}: removed an unfinished lock of an earlier command`
        : `${stack}: removed the lock of process ${lock.pid}, which ended before its work was done`,
    );
  }
}

function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch {
    return undefined;
  }
}

function atWork(stack: string, { pid, timestamp }: Lock): ConfigError {
  return new ConfigError([
    {
      path: `environment ${stack}`,
      expected: "no other command at work on it",
      got: `process ${pid}, which began at ${timestamp}`,
      fix: `wait until it ends, or interrupt it: kill -INT ${pid}`,
    },
  ]);
}

/** Ends what an engine left running, and removes its lock; the state itself is for the next command. */
export function releaseState(place: StatePlace, say: (line: string) => void = console.error): void {
  endOrphans(place.home);
  if (existsSync(join(place.folder, ".pulumi"))) releaseLocks(place, say);
}

/**
 * Beside each file the engine keeps its attributes, such as the type of its content. It reads the file without them, and not
 * with half of them ("failed to load checkpoint: EOF"). Source: gocloud.dev `blob/fileblob/attrs.go`.
 */
function dropAttributes({ stack, folder }: StatePlace, say: (line: string) => void): void {
  for (const file of globSync(["meta.yaml.attrs", "stacks/**/*.attrs"], { cwd: join(folder, ".pulumi") })) {
    const path = join(folder, ".pulumi", file);
    if (isJson(readFileSync(path, "utf8"))) continue;
    rmSync(path);
    say(`${stack}: removed ${file}, which an earlier command left unfinished`);
  }
}

/**
 * Asks for space before anything starts: an engine that cannot write its state leaves programs that it does not know.
 *
 * @throws {ConfigError} where too little is free
 */
export function requireSpace(folder: string, command: string, free: (folder: string) => number = freeMiB): void {
  const least = command === "destroy" ? LEAST_FREE_TO_REMOVE_MIB : LEAST_FREE_MIB;
  const there = free(folder);
  if (there >= least) return;
  throw new ConfigError([
    {
      path: folder,
      expected: `at least ${least} MiB free for the state`,
      got: `${Math.floor(there)} MiB free`,
      fix: "free some space, or choose another folder: XDG_STATE_HOME=<folder>",
    },
  ]);
}

function freeMiB(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / MIB;
}
