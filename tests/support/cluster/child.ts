import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { program } from "../programs.ts";
import type { Guard } from "./guard.ts";

const LAST_CHARACTERS = 2_000;

/** One program of a cluster; a {@link Guard} ends it. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #log: string;
  #started = true;

  constructor(name: string, args: readonly string[], folder: string, guard: Guard) {
    this.name = name;
    this.#log = join(folder, `${basename(name)}.log`);
    const log = openSync(this.#log, "a", 0o600);
    this.#process = spawn(program(name), args, {
      cwd: folder,
      stdio: ["ignore", log, log],
      env: { PATH: process.env["PATH"] ?? "", HOME: folder },
    });
    closeSync(log);
    guard.watch(this.#process.pid);
    this.#process.once("error", () => (this.#started = false));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Memory in use, in MiB. */
  get residentMiB(): number {
    const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8")) ?? [];
    return Number(kib) / 1024;
  }

  /** @throws {Error} with the end of its log, once it is no longer running */
  requireRunning(): void {
    const { exitCode, signalCode, pid } = this.#process;
    if (this.#started && pid !== undefined && exitCode === null && signalCode === null) return;
    throw new Error(`${this.name} has ended (${exitCode ?? signalCode ?? "not started"}): ${this.lastWords()}`);
  }

  lastWords(): string {
    return readFileSync(this.#log, "utf8").slice(-LAST_CHARACTERS);
  }
}
