import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import type { Catalogue } from "../../infra/toolchain/catalogue.ts";
import type { Ran } from "./test-environment.ts";

/**
 * This project as it stands, in a temporary folder of its own, for a user who never ran it: an empty home, nothing on PATH
 * but what a bare machine has. Dependencies are those of this checkout.
 */
export class FreshClone {
  readonly folder = mkdtempSync(join(tmpdir(), "fresh-clone-"));
  readonly home = join(this.folder, "home");
  readonly #bin = join(this.folder, "bin");
  readonly #project = join(this.folder, "project");

  constructor() {
    for (const folder of [this.home, this.#project]) mkdirSync(folder);
    const names = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const files = execFileSync("git", names, { cwd: PROJECT_ROOT });
    const archive = execFileSync("tar", ["-c", "--null", "-T", "-", "--ignore-failed-read"], {
      cwd: PROJECT_ROOT,
      input: files,
      maxBuffer: 2 ** 28,
    });
    execFileSync("tar", ["-x", "-C", this.#project], { input: archive });
    symlinkSync(join(PROJECT_ROOT, "node_modules"), join(this.#project, "node_modules"));
  }

  /** Changes the catalogue, as a commit of another version would. */
  changeVersions(change: (catalogue: Catalogue) => Catalogue): void {
    const file = join(this.#project, "infra/toolchain/versions.json");
    writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, "utf8")) as Catalogue)));
  }

  /**
   * Has the engine start the policy pack by a script, as for a language host that was built from source: such a one, of an
   * older version, speaks for the released one here. The pack itself runs where it lies.
   */
  startPackBy(script: string): void {
    const pack = join(this.#project, "infra/policy/PulumiPolicy.yaml");
    writeFileSync(pack, readFileSync(pack, "utf8").replace("runtime: nodejs", "runtime: node"));
    mkdirSync(this.#bin);
    symlinkSync(script, join(this.#bin, "pulumi-analyzer-policy-node"));
  }

  /** Runs a command of the menu, with `env` beside an empty home and the PATH of a machine without Go. */
  async run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> {
    const started = performance.now();
    const child = spawn(process.execPath, ["infra/cli/main.ts", ...args], {
      cwd: this.#project,
      env: { HOME: this.home, PATH: `${this.#bin}:/usr/bin:/bin`, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    const code = await new Promise<number>((done) => child.on("close", (status) => done(status ?? 1)));
    return { code, output, seconds: (performance.now() - started) / 1000 };
  }

  removeFolder(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
