import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Agent } from "undici";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";

/** What a command of the menu came to. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

/** A `local` environment of the tests' own: a state folder and a loopback network nobody else uses. */
export class LocalEnvironment {
  readonly loopback: string;
  readonly stateHome = mkdtempSync(join(tmpdir(), "gpu-observability-local-"));
  /** `--set path=value` for each value that is not the committed one. */
  readonly overrides: readonly string[];

  constructor(loopback: string, overrides: readonly string[] = []) {
    this.loopback = loopback;
    this.overrides = [`network.loopback=${loopback}`, ...overrides].flatMap((value) => ["--set", value]);
  }

  /** Gives it a secret, as a user would, on standard input. */
  secret(name: string, value: string): Promise<Ran> {
    return this.runIn(this.stateHome, "secret", [name], value);
  }

  /** Runs a command of the menu on it, as a user would. */
  run(command: string, ...args: readonly string[]): Promise<Ran> {
    return this.runIn(this.stateHome, command, args);
  }

  /** The same with another state folder. */
  async runIn(stateHome: string, command: string, args: readonly string[] = [], input = ""): Promise<Ran> {
    const started = performance.now();
    const all = ["infra/cli/main.ts", command, "local", ...args, ...this.overrides];
    const child = spawn(process.execPath, all, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, XDG_STATE_HOME: stateHome },
      stdio: ["pipe", "pipe", "pipe"],
    });
    child.stdin.end(input);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((resolve) => child.on("close", (status) => resolve(status ?? 1)));
    return { code, output, seconds: (performance.now() - started) / 1000 };
  }

  /** The environment's own state folder. */
  get folder(): string {
    return join(this.stateHome, "gpu-observability", "local");
  }

  workloadFolder(workload: string): string {
    return join(this.folder, "workloads", workload);
  }

  /** Process number of a workload, as its folder remembers it. */
  pidOf(workload: string): number {
    const record = JSON.parse(readFileSync(join(this.workloadFolder(workload), "process.json"), "utf8")) as {
      pid: number;
    };
    return record.pid;
  }

  /** Kills the process of a workload as a crash would. Only ever one that this environment started. */
  crash(workload: string): void {
    process.kill(this.pidOf(workload), "SIGKILL");
  }

  /** A connection that shows the operator's certificate; for an environment that is up. */
  connect(): Agent {
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) =>
      readFileSync(join(this.folder, "operator", `${name}.pem`), "utf8"),
    );
    return new Agent({ connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "" } });
  }

  /** Address of the n-th replica or host. */
  address(index: number): string {
    return `${this.loopback}.${index + 1}`;
  }

  removeFolder(): void {
    rmSync(this.stateHome, { recursive: true, force: true });
  }
}
