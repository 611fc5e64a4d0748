import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { EnvironmentName } from "../../infra/environment/schema.ts";

/** What a command of the menu came to. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

export interface TestEnvironmentOptions {
  /** `path=value` for each value that is not the committed one. */
  readonly overrides?: readonly string[];
  /** Environment variables of its commands beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Command that runs its commands, such as one that takes the network away. @default none */
  readonly launcher?: readonly string[];
}

/** An environment of the tests' own: committed stack file, a state folder nobody else uses. */
export class TestEnvironment {
  readonly stack: EnvironmentName;
  readonly stateHome: string;
  /** `--set path=value` for each override. */
  readonly overrides: readonly string[];
  private readonly env: Readonly<Record<string, string>>;
  private readonly launcher: readonly string[];

  constructor(stack: EnvironmentName, { overrides = [], env = {}, launcher = [] }: TestEnvironmentOptions = {}) {
    this.stack = stack;
    this.stateHome = mkdtempSync(join(tmpdir(), `gpu-observability-${stack}-`));
    this.overrides = overrides.flatMap((value) => ["--set", value]);
    this.env = env;
    this.launcher = launcher;
  }

  /** The same environment with other variables for its commands. */
  withEnv(env: Readonly<Record<string, string>>): TestEnvironment {
    const same = Object.create(this) as { env: Readonly<Record<string, string>> } & TestEnvironment;
    return Object.assign(same, { env: { ...this.env, ...env } });
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
  runIn(stateHome: string, command: string, args: readonly string[] = [], input = ""): Promise<Ran> {
    return this.spawn(["infra/cli/main.ts", command, this.stack, ...args], stateHome, input);
  }

  /** Runs a command of the engine that the menu has none for, such as `refresh`. */
  engine(command: string): Promise<Ran> {
    return this.spawn(["tests/support/engine-command.ts", command, this.stack], this.stateHome, "");
  }

  private async spawn(words: readonly string[], stateHome: string, input: string): Promise<Ran> {
    const started = performance.now();
    const [program = "", ...all] = [...this.launcher, process.execPath, ...words, ...this.overrides];
    const child = spawn(program, all, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...this.env, XDG_STATE_HOME: stateHome },
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
    return join(this.stateHome, "gpu-observability", this.stack);
  }

  removeFolder(): void {
    rmSync(this.stateHome, { recursive: true, force: true });
  }
}
