import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
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
/** Stand-ins by the names they play. */
const PLAYED: Readonly<Record<string, readonly string[]>> = {
  systemctl: ["systemctl"],
  curl: ["curl"],
  journalctl: ["journalctl"],
  noted: ["chown", "chgrp"],
  timeout: ["timeout"],
  users: ["useradd", "userdel", "groupdel", "id", "getent"],
};
/** What both families have, as it is on this machine; a host has nothing else, so a script cannot need more unseen. */
const TOOLS =
  "awk base64 basename cat chmod cmp cp cut date df env find flock grep gzip head kill ln mkdir mktemp mv od perl ps readlink rm sed setsid sha256sum sleep sort stat tail tar test touch tr true uname wc";
const MANAGERS = { "apt-get": ["apt-get", "apt-cache", "dpkg", "dpkg-query"], dnf: ["dnf", "rpm"] } as const;

export interface FakeHostOptions {
  /** What `sh` is there: dash on the Debian family, bash on RHEL's. @default dash */
  readonly shell?: "dash" | "bash";
  /** The distribution's package manager. @default none */
  readonly manager?: keyof typeof MANAGERS;
  /** As `uname -m` names it. @default this machine's */
  readonly processor?: string;
  /** Whether SELinux is enforced. @default false */
  readonly selinux?: boolean;
  /** A container engine. @default none */
  readonly engine?: "docker" | "podman";
}

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
  #killed = () => {};

  constructor({ shell = "dash", manager, processor, selinux = false, engine }: FakeHostOptions = {}) {
    for (const folder of [this.root, this.home, this.#bin, this.#fake]) mkdirSync(folder);
    for (const tool of TOOLS.split(" ")) symlinkSync(fileOf(tool), join(this.#bin, tool));
    for (const [source, names] of Object.entries(PLAYED)) for (const name of names) this.#play(source, name);
    for (const name of manager === undefined ? [] : MANAGERS[manager]) this.#play("packages", name);
    for (const name of selinux ? ["getenforce", "restorecon", "chcon", "stat"] : []) this.#play("selinux", name);
    if (processor !== undefined) this.#write("uname", `#!/bin/sh\necho ${processor}\n`);
    if (engine !== undefined) this.addProgram(`usr/bin/${engine}`, readFileSync(join(FAKES, "engine"), "utf8"));
    symlinkSync(which(shell), join(this.#bin, "sh"));
  }

  /** A program of the host itself. */
  addProgram(path: string, script = "#!/bin/sh\n"): void {
    mkdirSync(join(this.path(path), ".."), { recursive: true });
    writeFileSync(this.path(path), script, { mode: 0o755 });
  }

  #play(source: string, name: string): void {
    this.#write(name, readFileSync(join(FAKES, source), "utf8"));
  }

  #write(name: string, script: string): void {
    rmSync(join(this.#bin, name), { force: true });
    writeFileSync(join(this.#bin, name), script, { mode: 0o755 });
  }

  /** From now on the whole apply is killed where it runs `tool` with words that match a pattern of the shell. */
  killAt(tool: string, pattern: string): void {
    // Under its own name: a stand-in plays the one it is called by.
    const real = join(this.folder, "spared", tool);
    mkdirSync(join(real, ".."), { recursive: true });
    renameSync(join(this.#bin, tool), real);
    this.#write(
      tool,
      `#!/bin/sh\ncase "$*" in\n  ${pattern.replaceAll(" ", "\\ ")}) kill -9 0 ;;\nesac\nexec ${real} "$@"\n`,
    );
    this.#killed = () => {
      rmSync(join(this.#bin, tool));
      renameSync(real, join(this.#bin, tool));
    };
  }

  /** Undoes {@link killAt}. */
  spare(): void {
    this.#killed();
  }

  /** Makes something happen that a stand-in looks for, such as `no-registry`. */
  arrange(what: string, text = ""): void {
    writeFileSync(join(this.#fake, what), text);
  }

  /** Undoes {@link arrange}. */
  clear(what: string): void {
    rmSync(join(this.#fake, what), { force: true });
  }

  /** What a stand-in keeps, a line each: `users`, `packages`, `images`. */
  kept(what: "users" | "packages" | "images" | "version"): readonly string[] {
    const file = join(this.#fake, what);
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
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

  /** What the connection does when the host goes: `name` is the one that it was installed under. */
  remove(name = "gpu-1") {
    return this.#run([REMOVE_SCRIPT, "remove", name], toSecretsInput(SECRETS));
  }

  /** Runs a line as the connection's user would. */
  shell(line: string, input: string) {
    const words = ["--wait", "sh", "-c", line];
    const { status, stdout, stderr } = spawnSync("setsid", words, {
      cwd: this.home,
      env: this.#env(),
      input,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  /** Passwords that sudo refused. */
  attempts(): readonly string[] {
    return readFileSync(join(this.#fake, "attempts"), "utf8").split("\n").filter(Boolean);
  }

  addSudo(): void {
    this.#play("sudo", "sudo");
  }

  takeTool(name: string): void {
    rmSync(join(this.#bin, name));
  }

  #env() {
    return {
      PATH: this.#bin,
      GPU_OBSERVABILITY_ROOT: this.root,
      FAKE: this.#fake,
      REAL_CURL: which("curl"),
      REAL_ID: which("id"),
      REAL_TIMEOUT: which("timeout"),
    };
  }

  #run(args: readonly string[], input: string) {
    this.forgetCalls();
    // In a group of processes of its own, which may be killed as a whole.
    const words = ["--wait", "sh", "-c", ...args];
    const options = { cwd: this.home, env: this.#env(), input, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync("setsid", words, options);
    return { status, stdout, stderr, calls: this.calls() };
  }

  forgetCalls(): void {
    rmSync(join(this.#fake, "calls"), { force: true });
  }

  /** Every call of a stand-in that takes notes. */
  allCalls(): readonly string[] {
    const file = join(this.#fake, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  }

  /** Calls of systemctl that change something, without the prefix every unit has. */
  calls(): readonly string[] {
    return this.allCalls()
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

/** The file of a program that shells also have inside, such as `test`. */
function fileOf(name: string): string {
  const folder = ["/usr/bin", "/bin", "/usr/sbin"].find((path) => existsSync(join(path, name)));
  if (folder === undefined) throw new Error(`this machine has no ${name}`);
  return join(folder, name);
}

/** Where a program of this machine is. */
export function which(name: string): string {
  const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
  return stdout.trim();
}
