import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { listRunning, type ProcessRecord } from "../../../components/runtime/process/process-record.ts";
import { PROJECT_ROOT } from "../folders.ts";

const LOOPBACK = "127.75.0";

/** A `local` environment of the bench's own, below a folder of its own. */
export class BenchEnvironment {
  private readonly stateHome: string;

  constructor(stateHome: string) {
    this.stateHome = stateHome;
  }

  /** Runs a command of the menu on it and gives the seconds it took. */
  async run(command: string): Promise<number> {
    const started = performance.now();
    const args = [join(PROJECT_ROOT, "infra/cli/main.ts"), command, "local", "--set", `network.loopback=${LOOPBACK}`];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, XDG_STATE_HOME: this.stateHome },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
    if (code !== 0) throw new Error(`${command} failed:\n${output.slice(-3000)}`);
    return (performance.now() - started) / 1000;
  }

  /** Leaves nothing behind, whatever happened before. */
  async destroyIfUp(): Promise<void> {
    if (existsSync(this.folder)) await this.run("destroy");
  }

  processes(): readonly ProcessRecord[] {
    return listRunning(this.folder);
  }

  private get folder(): string {
    return join(this.stateHome, "gpu-observability", "local");
  }
}
