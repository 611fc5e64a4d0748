import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sudoPrefix } from "../../components/runtime/ssh/connection.ts";
import { BOOTSTRAP_SCRIPT, REMOVE_SCRIPT } from "../../components/runtime/ssh/host-scripts.ts";
import { uploadName } from "../../components/runtime/ssh/names.ts";
import type { HostBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import { toSecretsInput } from "../../components/runtime/ssh/secrets.ts";
import { baseSystem } from "../support/host-layers.ts";
import { which } from "./fake-host.ts";

const NEEDED = ["debootstrap", "systemd-nspawn", "ip", "nsenter", "ssh", "ssh-keygen", "mount"];
const BOOT_MS = 120_000;
/** An account of the host that is not root: in sudo without a password, and in sudo with one. */
export const OPERATOR = { user: "deployer", password: "correct horse battery staple" } as const;

export interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Why no host can be booted here; nothing where it can. */
export function findObstacle(): string | undefined {
  if (process.getuid?.() !== 0) return "booting a host needs root";
  const missing = NEEDED.filter((name) => which(name) === "");
  if (missing.length > 0)
    return `not installed: ${missing.join(", ")} (Debian: debootstrap systemd-container openssh-client)`;
  const { status, stderr } = spawnSync("unshare", ["--mount", "--net", "true"], { encoding: "utf8" });
  return status === 0 ? undefined : `no namespaces: ${stderr.trim()}`;
}

/** A machine with systemd and sshd of its own, in namespaces of its own, reached over its own pair of interfaces. */
export class RealHost {
  readonly name: string;
  /** Address of this end of the pair. */
  readonly here: string;
  /** Address of the host. */
  readonly address: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "gpu-observability-real-"));
  readonly #root = join(this.#folder, "root");
  /** Folders that its disk begins with, beside Debian itself. */
  readonly #layers: string[] = [];
  #nspawn: ChildProcess | undefined;
  #last: Answer | undefined;

  /** @param index - its place in 198.51.100.0/24; no two at a time may share one */
  constructor(index: number) {
    this.name = `gpuobs${index}`;
    this.here = `198.51.100.${4 * index + 1}`;
    this.address = `198.51.100.${4 * index + 2}`;
  }

  /** Puts the content of a folder on its disk; before it is prepared. */
  addLayer(folder: string): void {
    this.#layers.unshift(folder);
  }

  async boot(): Promise<void> {
    if (!existsSync(this.#root)) await this.prepare();
    const console = openSync(join(this.#folder, "console.log"), "a");
    const args = ["-q", "--boot", "--network-veth", "-M", this.name, "--register=no", "--keep-unit", "-D", this.#root];
    this.#nspawn = spawn("systemd-nspawn", args, { stdio: ["ignore", console, console], detached: true });
    await this.#until("its interfaces", () => this.#connect() || undefined);
    writeFileSync(join(this.#folder, "known_hosts"), `${this.address} ${this.hostKey()}\n`);
    await this.#until("sshd", async () => {
      this.#last = await this.ssh("systemctl is-system-running; systemctl --failed --no-legend");
      // `degraded`: a service of Debian's own that this kind of container cannot run.
      return /^(running|degraded)/.test(this.#last.stdout) || undefined;
    });
  }

  /** Gives both ends of the pair their addresses; its init may not have its own network yet. */
  #connect(): boolean {
    const { stdout } = run("ps", "--ppid", String(this.#nspawn?.pid), "-o", "pid=");
    const init = stdout.trim().split("\n")[0]?.trim() ?? "";
    const inside = ["nsenter", "-t", init, "-n"] as const;
    if (init === "" || run(...inside, "ip", "link", "show", "host0").status !== 0) return false;
    const ends = [
      { address: this.here, device: `ve-${this.name}`, prefix: [] },
      { address: this.address, device: "host0", prefix: inside },
    ];
    return ends.every(({ address, device, prefix }) => {
      const [program = "", ...words] = [...prefix, "ip"];
      const added = run(program, ...words, "addr", "replace", `${address}/30`, "dev", device);
      return added.status === 0 && run(program, ...words, "link", "set", device, "up").status === 0;
    });
  }

  /** Makes its disk, keys included: what is known of a host before it boots. */
  async prepare(): Promise<void> {
    const below = [...this.#layers, await baseSystem()].join(":");
    for (const part of ["upper", "work", "root"]) mkdirSync(join(this.#folder, part));
    const layers = `lowerdir=${below},upperdir=${join(this.#folder, "upper")},workdir=${join(this.#folder, "work")}`;
    must("mount", "-t", "overlay", "overlay", "-o", layers, this.#root);
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", this.#key);
    // Clones of one system must not share its identity.
    writeFileSync(join(this.#root, "etc/machine-id"), "");
    writeFileSync(join(this.#root, "etc/hostname"), `${this.name}\n`);
    writeFileSync(join(this.#root, "etc/hosts"), `127.0.0.1 localhost ${this.name}\n`);
    rmSync(join(this.#root, "etc/ssh/ssh_host_ed25519_key"), { force: true });
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", join(this.#root, "etc/ssh/ssh_host_ed25519_key"));
    must("chroot", this.#root, "useradd", "--create-home", "--shell", "/bin/sh", OPERATOR.user);
    must("chroot", this.#root, "usermod", "--password", hashed(OPERATOR.password), OPERATOR.user);
    for (const home of ["root", `home/${OPERATOR.user}`]) {
      mkdirSync(join(this.#root, home, ".ssh"), { recursive: true });
      writeFileSync(join(this.#root, home, ".ssh/authorized_keys"), readFileSync(`${this.#key}.pub`));
    }
    must("chroot", this.#root, "chown", "-R", OPERATOR.user, `/home/${OPERATOR.user}`);
    this.sudoRule("NOPASSWD: ALL");
  }

  /** What sudo lets the operator do: `NOPASSWD: ALL`, or `ALL` with a password. */
  sudoRule(rule: string): void {
    const file = join(this.#root, "etc/sudoers.d/deployer");
    writeFileSync(file, `${OPERATOR.user} ALL=(ALL) ${rule}\n`);
    chmodSync(file, 0o440);
  }

  get #key(): string {
    return join(this.#folder, "id");
  }

  /** The operator's key, as the stack would hold it. */
  privateKey(): string {
    return readFileSync(this.#key, "utf8");
  }

  hostKey(): string {
    const [type, key] = readFileSync(join(this.#root, "etc/ssh/ssh_host_ed25519_key.pub"), "utf8").split(" ");
    return `${type} ${key}`;
  }

  /** Runs a command over SSH, the host's key verified; this process goes on serving meanwhile. */
  async ssh(command: string, input: string | Buffer = "", user = "root"): Promise<Answer> {
    const options = [
      "StrictHostKeyChecking=yes",
      `UserKnownHostsFile=${join(this.#folder, "known_hosts")}`,
      "BatchMode=yes",
      "ConnectTimeout=5",
    ];
    const words = ["-i", this.#key, ...options.flatMap((option) => ["-o", option]), `${user}@${this.address}`, command];
    const child = spawn("ssh", words, { timeout: 180_000 });
    const answer = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (answer.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (answer.stderr += chunk.toString()));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const [status] = (await once(child, "close")) as [number | null];
    return { status, ...answer };
  }

  /** What the resources of a host do: copy the bundle, run `apply` with the secrets on its standard input. */
  async install(
    bundle: HostBundle,
    secrets: Readonly<Record<string, string>>,
    user = "root",
    password?: string,
  ): Promise<Answer> {
    await this.ssh(`cat > ${uploadName(bundle.version)}`, bundle.archive, user);
    const sudo = user === "root" ? "none" : password === undefined ? "passwordless" : { password };
    const prefix = sudoPrefix({ host: this.address, hostKey: this.hostKey(), privateKey: "", user, sudo });
    const words = [bundle.version, bundle.sha256];
    return this.ssh(
      `${prefix}sh -c '${BOOTSTRAP_SCRIPT}' apply ${words.join(" ")}`,
      toSecretsInput(secrets, password),
      user,
    );
  }

  remove(user = "root"): Promise<Answer> {
    return this.ssh(`${user === "root" ? "" : "sudo -n "}sh -c '${REMOVE_SCRIPT}'`, "", user);
  }

  async #until<T>(what: string, find: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + BOOT_MS;
    while (Date.now() < deadline) {
      const found = await find();
      if (found !== undefined && found !== "") return found;
      await sleep(300);
    }
    throw new Error(
      `${this.name}: ${what} did not come up: ${JSON.stringify(this.#last)} ${readFileSync(join(this.#folder, "console.log"), "utf8").slice(-500)}`,
    );
  }

  async end(): Promise<void> {
    const nspawn = this.#nspawn;
    if (nspawn?.exitCode === null) {
      const ended = new Promise((resolve) => nspawn.once("exit", resolve));
      nspawn.kill("SIGTERM");
      await Promise.race([ended, sleep(15_000)]);
      if (nspawn.exitCode === null) nspawn.kill("SIGKILL");
    }
    run("umount", "-l", this.#root);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function run(program: string, ...args: readonly string[]) {
  return spawnSync(program, args, { encoding: "utf8" });
}

function must(program: string, ...args: readonly string[]): void {
  const { status, stderr } = run(program, ...args);
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${stderr}`);
}

function hashed(password: string): string {
  return spawnSync("openssl", ["passwd", "-6", "-stdin"], { input: password, encoding: "utf8" }).stdout.trim();
}
