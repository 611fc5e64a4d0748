import { type ChildProcess, spawn } from "node:child_process";

/**
 * Reads process ids until its input ends, which it also does when this process is killed; then ends those that still
 * run in the folder, and removes it.
 */
const SCRIPT = `while read -r pid; do pids="$pids $pid"; done
for pid in $pids; do [ "$(readlink "/proc/$pid/cwd")" = "$1" ] && kill -9 "$pid"; done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }`;

/** Sees to it that no program outlives the tests that started it, however they end. */
export class Guard {
  readonly #process: ChildProcess;

  /** @param folder working folder of every guarded program, and the only thing that is removed */
  constructor(folder: string) {
    // Detached: an interrupt from the terminal must not end the guard before it has done its work.
    this.#process = spawn("sh", ["-c", SCRIPT, "guard", folder], {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
    });
    this.#process.unref();
  }

  watch(pid: number | undefined): void {
    if (pid !== undefined) this.#process.stdin?.write(`${pid}\n`);
  }

  /** Ends what it watches, and waits until that is done. */
  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.ref();
    this.#process.stdin?.end();
    await ended;
  }
}
