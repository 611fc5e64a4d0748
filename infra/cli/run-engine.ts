import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** The user asked a command to end. */
export class Interrupted extends Error {
  /** As shells count it: 128 and the signal's number. */
  readonly exitCode: number;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.name = "Interrupted";
    this.exitCode = 128 + constants.signals[signal];
  }
}

export interface RunOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Says nothing unless it fails. */
  readonly quiet: boolean;
  /** Gets what it said, where it is quiet and failed. @default prints to the error stream */
  readonly onFailure?: (text: string) => void;
  /** What it reads from its standard input. @default nothing */
  readonly input?: string;
  /** Lines of its output to leave out. @default none */
  readonly omit?: RegExp;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** A terminal and npm both pass one ^C on. */
const SAME_REQUEST_MS = 500;

/**
 * Runs a program of the engine to its end.
 *
 * It gets a session of its own: a ^C of the terminal reaches only this process, which passes it on once. The engine then
 * ends what it has begun and releases its lock; a second ^C ends it at once.
 *
 * @returns its exit code
 * @throws {Interrupted} once it has ended, where the user asked for that
 */
export async function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<number> {
  const { cwd, env, quiet, input, omit, onFailure = (said) => void process.stderr.write(said) } = options;
  const output = quiet ? "pipe" : "inherit";
  const stdio = [input === undefined ? "ignore" : "pipe", omit === undefined ? output : "pipe", output] as const;
  const child = spawn(program, args, { cwd, env, stdio: [...stdio], detached: true });
  child.stdin?.end(input);
  let text = "";
  if (omit === undefined || quiet) child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  else if (child.stdout !== null) printLines(child.stdout, omit);
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const asked = passOnSignals(child);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  }).finally(asked.stop);
  if (asked.by() !== undefined) throw new Interrupted(asked.by() as NodeJS.Signals);
  if (code !== 0 && text !== "") onFailure(text);
  return code;
}

function printLines(output: Readable, omit: RegExp): void {
  createInterface({ input: output }).on("line", (line) => {
    if (!omit.test(line)) console.log(line);
  });
}

function passOnSignals(child: ChildProcess) {
  let by: NodeJS.Signals | undefined;
  let last = 0;
  const pass = (signal: NodeJS.Signals) => {
    const now = Date.now();
    if (now - last < SAME_REQUEST_MS) return;
    last = now;
    if (by === undefined) {
      console.error("\nInterrupted: what has begun is ended first; interrupt again to end at once.");
      child.kill("SIGINT");
    } else child.kill("SIGKILL");
    by ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, pass);
  return {
    by: () => by,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, pass);
    },
  };
}
