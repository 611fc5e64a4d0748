import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { BOOTSTRAP_SCRIPT, REMOVE_SCRIPT } from "../../components/runtime/ssh/host-scripts.ts";
import { uploadName } from "../../components/runtime/ssh/names.ts";
import type { HostBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { toSecretsInput } from "../../components/runtime/ssh/secrets.ts";

const FAKES = join(import.meta.dirname, "fakes");
const USER_TOOLS = ["useradd", "userdel", "chown", "chgrp", "getent"];

/** Every secret of the agent of the fixture. */
export const SECRETS: Readonly<Record<string, string>> = {
  "gpu-1-agent/tls/cert.pem": "certificate\n",
  "gpu-1-agent/tls/key.pem": "key\n",
  "gpu-1-agent/tls/ca.pem": "authority\n",
  "gpu-1-agent/secrets/otlp-token": "a secret token",
};

/** A folder that plays a host: real shell, real files, real archives; systemctl and the users' tools are stand-ins. */
export class FakeHost {
  readonly folder = mkdtempSync(join(tmpdir(), "gpu-observability-host-"));
  readonly root = join(this.folder, "root");
  readonly home = join(this.folder, "home");
  readonly #bin = join(this.folder, "bin");
  readonly #fake = join(this.folder, "fake");

  /** @param shell - what `sh` is there: dash on the Debian family, bash on RHEL's */
  constructor(shell: "dash" | "bash" = "dash") {
    for (const folder of [this.root, this.home, this.#bin, this.#fake]) mkdirSync(folder);
    for (const name of ["systemctl", "curl", "journalctl"]) this.#addFake(name, name);
    for (const name of USER_TOOLS) this.#addFake("noted", name);
    symlinkSync(which(shell), join(this.#bin, "sh"));
  }

  #addFake(source: string, name: string): void {
    copyFileSync(join(FAKES, source), join(this.#bin, name));
    chmodSync(join(this.#bin, name), 0o755);
  }

  path(...parts: readonly string[]): string {
    return join(this.root, ...parts);
  }

  read(...parts: readonly string[]): string {
    return readFileSync(this.path(...parts), "utf8");
  }

  upload({ version, archive }: HostBundle, bytes = archive.length): void {
    writeFileSync(join(this.home, uploadName(version)), archive.subarray(0, bytes));
  }

  /** What the connection does: the upload, then the command with the secrets on its standard input. */
  install(bundle: HostBundle, secrets: Readonly<Record<string, string>> = SECRETS) {
    this.upload(bundle);
    return this.apply(bundle, secrets);
  }

  apply({ version, sha256 }: HostBundle, secrets: Readonly<Record<string, string>> = SECRETS) {
    return this.#run([BOOTSTRAP_SCRIPT, "apply", version, sha256], toSecretsInput(secrets));
  }

  remove() {
    return this.#run([REMOVE_SCRIPT], "");
  }

  #run(args: readonly string[], input: string) {
    this.forgetCalls();
    const env = {
      PATH: `${this.#bin}:${process.env["PATH"] ?? ""}`,
      GPU_OBSERVABILITY_ROOT: this.root,
      FAKE: this.#fake,
      REAL_CURL: which("curl"),
    };
    const words = ["-c", ...args];
    const { status, stdout, stderr } = spawnSync("sh", words, { cwd: this.home, env, input, encoding: "utf8" });
    return { status, stdout, stderr, calls: this.calls() };
  }

  forgetCalls(): void {
    rmSync(join(this.#fake, "calls"), { force: true });
  }

  /** Calls of systemctl that change something, without the prefix every unit has. */
  calls(): readonly string[] {
    const file = join(this.#fake, "calls");
    if (!existsSync(file)) return [];
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => /^systemctl (restart|start|stop|daemon-reload)/.test(line))
      .map((line) => line.replace("systemctl ", "").replace(/gpu-observability-(\S+)\.service/, "$1"));
  }

  /** Every path of the host but folders above the platform's own. */
  files(): readonly string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length))
      .filter((path) => !path.startsWith("/run/"))
      .sort();
  }

  /** An archive of a program that is a shell script, at an address of this host. */
  archive(name: string, script: string, sum?: string): HostProgram {
    const folder = join(this.folder, "mirror", `${name}-1.0`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), script, { mode: 0o755 });
    const file = `${folder}.tar.gz`;
    spawnSync("tar", ["-czf", file, "-C", join(folder, ".."), `${name}-1.0`]);
    const sha256 = sum ?? createHash("sha256").update(readFileSync(file)).digest("hex");
    const build = { kind: "archive", url: `file://${file}`, checksum: { sha256 }, member: `*/${name}` } as const;
    return { version: "1.0", builds: { amd64: build, arm64: build } };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where a program of this machine is. */
export function which(name: string): string {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return stdout.trim();
}
