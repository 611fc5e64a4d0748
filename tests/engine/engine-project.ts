import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import { ENGINE_PROGRAMS, KUBERNETES_PLUGIN } from "../../infra/cli/engine-environment.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { ensureToolchain, toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { OFFICIAL_ONLY, pluginPath } from "../support/plugins/plugin-path.ts";

/** How one command of the engine ended. */
export interface EngineRun {
  readonly code: number;
  /** What it wrote to both streams. */
  readonly text: string;
  /** Resources by what was done to them: `same`, `create`, `update`, `replace`, `delete`. */
  readonly changes: Readonly<Record<string, number>>;
}

/** One resource of a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

interface EngineProjectOptions {
  /** The program: a module of `tests/engine/programs`. */
  readonly program: string;
  /** What the program reads from its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Put before the engine's command, such as `nsenter …`. @default nothing */
  readonly prefix?: readonly string[];
}

/** A small Pulumi program run by the real engine: state in a folder of its own, stand-ins where a plugin is absent. */
export class EngineProject {
  /** Also where the program runs. */
  readonly folder = mkdtempSync(join(tmpdir(), "gpu-observability-engine-"));
  private readonly plugins: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly prefix: readonly string[];

  private constructor({ program, env = {}, prefix = [] }: EngineProjectOptions) {
    // Official plugins are where whoever installed them says.
    const home = OFFICIAL_ONLY ? (process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi")) : join(this.folder, "home");
    mkdirSync(home, { recursive: true });
    this.plugins = pluginPath(home);
    this.prefix = prefix;
    const module = join(import.meta.dirname, "programs", program);
    writeFileSync(join(this.folder, "index.ts"), `export * from ${JSON.stringify(module)};\n`);
    // The language host looks for the SDK here, dynamic providers for their modules.
    for (const item of ["node_modules", "components"]) symlinkSync(join(PROJECT_ROOT, item), join(this.folder, item));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), toYaml({ name: "contract", runtime }));
    const path = [
      this.plugins,
      ...toolchainPath([...ENGINE_PROGRAMS, KUBERNETES_PLUGIN]),
      join(PROJECT_ROOT, "node_modules", ".bin"),
      process.env["PATH"] ?? "",
    ];
    this.env = {
      ...process.env,
      PATH: path.join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: "contract",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      ...env,
    };
  }

  static async create(options: EngineProjectOptions): Promise<EngineProject> {
    await ensureToolchain(ENGINE_PROGRAMS);
    const project = new EngineProject(options);
    const { code, text } = await project.run(["stack", "init", "test"]);
    if (code !== 0) throw new Error(text);
    return project;
  }

  preview(env?: Readonly<Record<string, string>>): Promise<EngineRun> {
    return this.run(["preview", "--diff"], env);
  }

  up(env?: Readonly<Record<string, string>>): Promise<EngineRun> {
    return this.run(["up", "--yes", "--skip-preview"], env);
  }

  refresh(env?: Readonly<Record<string, string>>): Promise<EngineRun> {
    return this.run(["refresh", "--yes", "--skip-preview"], env);
  }

  destroy(env?: Readonly<Record<string, string>>): Promise<EngineRun> {
    return this.run(["destroy", "--yes", "--skip-preview"], env);
  }

  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    const { text } = await this.run(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** What the engine remembers, secrets encrypted. */
  resources(): readonly StateResource[] {
    const text = readFileSync(this.stateFile(), "utf8");
    return (
      (JSON.parse(text) as { checkpoint: { latest?: { resources?: StateResource[] } } }).checkpoint.latest?.resources ??
      []
    );
  }

  stateText(): string {
    return readFileSync(this.stateFile(), "utf8");
  }

  remove(): void {
    rmSync(this.plugins, { recursive: true, force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }

  private stateFile(): string {
    return join(this.folder, ".pulumi", "stacks", "contract", "test.json");
  }

  private run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<EngineRun> {
    const own =
      args[0] === "stack" && args[1] === "init" ? ["--non-interactive"] : ["--stack", "test", "--non-interactive"];
    const [program = "", ...rest] = [...this.prefix, "pulumi", ...args, ...own];
    return new Promise((resolve, reject) => {
      const child = spawn(program, rest, {
        cwd: this.folder,
        env: { ...this.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
      child.once("error", reject);
      child.once("close", (code) => resolve({ code: code ?? 1, text, changes: parseChanges(text) }));
    });
  }
}

/** `+ 2 created`, `4 unchanged` and so on, at the end of what the engine says. */
function parseChanges(text: string): Readonly<Record<string, number>> {
  const [, summary = ""] = text.split(/^Resources:/m);
  const lines = [...summary.matchAll(/(\d+) (?:to )?(create|update|replace|delete|refresh|unchanged)d?\b/g)];
  return Object.fromEntries(lines.map(([, count, what]) => [what === "unchanged" ? "same" : what, Number(count)]));
}
