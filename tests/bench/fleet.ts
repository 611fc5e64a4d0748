import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ENGINE_PROGRAMS } from "../../infra/cli/engine-environment.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";
import { type Cost, CostWatch } from "./cost-watch.ts";

const UNTOUCHED = ["command", "docker"] as const;

/** One run of the engine. */
export interface Measured extends Cost {
  readonly seconds: number;
  readonly output: string;
}

/** Where engines of a bench keep state and find plugins that reach nothing. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), "gpu-observability-fleet-bench-"));
  private readonly plugins = join(this.folder, "plugins");
  /** Variables of the engine's own, such as `PULUMI_SKIP_CHECKPOINTS`. */
  private readonly engine: Readonly<Record<string, string>>;

  constructor(engine: Readonly<Record<string, string>>) {
    this.engine = engine;
    mkdirSync(this.plugins);
    for (const name of UNTOUCHED) {
      const file = join(this.plugins, `pulumi-resource-${name}`);
      const module = join(PROJECT_ROOT, "tests", "support", "plugins", "untouched", `${name}.ts`);
      writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${module}' "$@"\n`);
      chmodSync(file, 0o755);
    }
  }

  async run(words: readonly string[], options: RunOptions = {}): Promise<Measured> {
    const { cwd = PROJECT_ROOT, env = {}, input = "" } = options;
    const [program = "", ...args] = words;
    const started = performance.now();
    const bin = join(PROJECT_ROOT, "node_modules", ".bin");
    const path = [...toolchainPath(ENGINE_PROGRAMS), bin, process.env["PATH"]];
    const child = spawn(program, args, {
      cwd,
      env: {
        ...process.env,
        PATH: [this.plugins, ...path].join(delimiter),
        XDG_STATE_HOME: this.folder,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...this.engine,
        ...env,
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const watch = new CostWatch(child.pid ?? 0);
    child.stdin.end(input);
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((resolve, reject) => {
      child.on("error", reject).on("close", (status) => resolve(status ?? 1));
    });
    const cost = watch.stop();
    if (code !== 0) throw new Error(`${words.slice(0, 6).join(" ")} ended with ${code}:\n${output.slice(-3000)}`);
    return { seconds: (performance.now() - started) / 1000, output, ...cost };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Dev with so many hosts over ssh. */
export class Fleet {
  private readonly place: Workplace;
  private readonly hosts: number;

  private constructor(place: Workplace, hosts: number) {
    this.place = place;
    this.hosts = hosts;
  }

  static async create(place: Workplace, hosts: number): Promise<Fleet> {
    const secret = ["infra/cli/main.ts", "secret", "dev", "sshPrivateKey"];
    await place.run([process.execPath, ...secret], { input: "key of no host" });
    // Makes the stack and compiles the code, which later runs and the bare commands find done.
    await new Fleet(place, 1).run("preview");
    return new Fleet(place, hosts);
  }

  /** @param changed - a host that is to differ from what it was */
  run(command: "preview" | "up", changed?: number): Promise<Measured> {
    const words = [
      "tests/bench/fleet-engine.ts",
      String(this.hosts),
      command,
      ...(changed === undefined ? [] : [changed]),
    ];
    return this.place.run([process.execPath, ...words.map(String)]);
  }

  /** What the engine remembers. */
  state(): State {
    return readState(join(this.place.folder, "gpu-observability", "dev"), "gpu-observability/dev");
  }

  /** The same with every secret in plain text. */
  async export(): Promise<Exported> {
    const folder = join(this.place.folder, "gpu-observability", "dev");
    const env = {
      PULUMI_HOME: join(folder, "pulumi-home"),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
    };
    const file = join(this.place.folder, "exported.json");
    const words = ["stack", "export", "--show-secrets", "--stack", "dev", "--file", file, "--non-interactive"];
    await this.place.run(["pulumi", ...words], { cwd: join(folder, "init"), env });
    return (JSON.parse(readFileSync(file, "utf8")) as { deployment: Exported }).deployment;
  }
}

/** A deployment of the engine as it exports it. */
export interface Exported {
  readonly resources: readonly {
    readonly urn: string;
    readonly type: string;
    /** Whether a plugin makes it: components are not. */
    readonly custom: boolean;
    readonly inputs?: Readonly<Record<string, unknown>>;
  }[];
}

/** Size of a stack's state, and the type of everything in it. */
export interface State {
  readonly bytes: number;
  readonly types: readonly string[];
}

export function readState(backend: string, stack: string): State {
  const text = readFileSync(join(backend, ".pulumi", "stacks", `${stack}.json`), "utf8");
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: readonly { type: string }[] } } };
  return { bytes: text.length, types: checkpoint.latest.resources.map(({ type }) => type) };
}
