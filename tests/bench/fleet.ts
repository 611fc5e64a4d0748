import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import { ENGINE_PROGRAMS } from "../../infra/cli/engine.ts";
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

  async run(words: readonly string[], { cwd = PROJECT_ROOT, env = {}, input = "" } = {}): Promise<Measured> {
    const [program = "", ...args] = words;
    const started = performance.now();
    const path = [...toolchainPath(ENGINE_PROGRAMS), join(PROJECT_ROOT, "node_modules", ".bin"), process.env["PATH"]];
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
}

const BARE_PROGRAM = `
import { remote } from "@pulumi/command";
const connection = { host: "nobody.invalid", hostKey: process.env.BARE_HOST_KEY, privateKey: "key of no host" };
for (let index = 0; index < Number(process.env.BARE_COUNT); index += 1)
  new remote.Command("bare-" + index, { connection, create: "true", stdin: String(index) });
`;

/** A stack of nothing but commands for hosts: what the engine and a plugin cost by themselves. */
export class BareCommands {
  private readonly place: Workplace;
  private readonly folder: string;
  private readonly env: Readonly<Record<string, string>>;

  private constructor(place: Workplace, count: number, hostKey: string) {
    this.place = place;
    this.folder = join(place.folder, "bare");
    this.env = {
      PULUMI_HOME: join(place.folder, "bare-home"),
      PULUMI_BACKEND_URL: `file://${this.folder}`,
      PULUMI_CONFIG_PASSPHRASE: "bare",
      BARE_COUNT: String(count),
      BARE_HOST_KEY: hostKey,
    };
    mkdirSync(this.folder);
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.folder, "node_modules"));
    const runtime = { name: "nodejs", options: { typescript: false } };
    writeFileSync(join(this.folder, "Pulumi.yaml"), toYaml({ name: "bare", main: "index.js", runtime }));
    writeFileSync(join(this.folder, "package.json"), JSON.stringify({ type: "module", main: "index.js" }));
    writeFileSync(join(this.folder, "index.js"), BARE_PROGRAM);
  }

  static async create(place: Workplace, count: number, hostKey: string): Promise<BareCommands> {
    const bare = new BareCommands(place, count, hostKey);
    await bare.engine("stack", "init", "bare");
    return bare;
  }

  /** With the flags that `npm run up` gives the engine. */
  run(command: "preview" | "up"): Promise<Measured> {
    const flags = command === "up" ? ["--yes", "--skip-preview", "--refresh", "--continue-on-error"] : [];
    return this.engine(command, ...flags, "--suppress-outputs", "--stack", "bare");
  }

  state(): State {
    return readState(this.folder, "bare/bare");
  }

  private engine(...args: readonly string[]): Promise<Measured> {
    return this.place.run(["pulumi", ...args, "--non-interactive"], { cwd: this.folder, env: this.env });
  }
}

/** Size of a stack's state, and the type of everything in it. */
interface State {
  readonly bytes: number;
  readonly types: readonly string[];
}

function readState(backend: string, stack: string): State {
  const text = readFileSync(join(backend, ".pulumi", "stacks", `${stack}.json`), "utf8");
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: readonly { type: string }[] } } };
  return { bytes: text.length, types: checkpoint.latest.resources.map(({ type }) => type) };
}
