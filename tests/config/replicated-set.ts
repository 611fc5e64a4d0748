import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, type Dispatcher, fetch } from "undici";
import { CONTAINER_PATHS, type Workload } from "../../components/runtime/workload.ts";
import { issueAuthority, issueLeaf } from "../../components/security/x509.ts";
import { program } from "../support/programs.ts";
import { type Relocated, relocate } from "../support/relocate.ts";

/** Joins a mount namespace of its own, where a file of names stands in the place of the machine's. */
const WITH_NAMES = ["sh", "-c", 'mount --bind "$1" /etc/hosts && shift && exec "$@"', "sh"];

/** How a process gets a file of names of its own, as a pod does; nothing where the machine forbids it. */
export function unshareArgs(): readonly string[] | undefined {
  return [["--mount"], ["--map-root-user", "--mount"]].find(
    (args) => spawnSync("unshare", [...args, "mount", "--bind", "/etc/hosts", "/etc/hosts"]).status === 0,
  );
}

/** One running copy of a set. */
export interface Replica {
  readonly name: string;
  readonly address: string;
  readonly at: Relocated;
  child: ChildProcess;
  log: string;
}

interface SetOptions {
  readonly addresses: readonly string[];
  /** Folder below each copy's own that all of them share, in the place of a bucket. @default none */
  readonly blocks?: string;
  /** Text of secret files, by name. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/**
 * The copies of one workload as real processes: each with an address of its own, one name that gives all addresses, one
 * authority, and one place that all keep their blocks in.
 */
export class ReplicaSet {
  readonly replicas: readonly Replica[];
  readonly dispatcher: Dispatcher;
  private readonly workload: Workload;
  private readonly folder: string;

  private constructor(workload: Workload, replicas: readonly Replica[], folder: string, dispatcher: Dispatcher) {
    this.workload = workload;
    this.replicas = replicas;
    this.folder = folder;
    this.dispatcher = dispatcher;
  }

  /** Lays out and starts every copy. */
  static async start(workload: Workload, { addresses, blocks, secrets = {} }: SetOptions): Promise<ReplicaSet> {
    const folder = mkdtempSync(join(tmpdir(), `gpu-observability-${workload.name}-set-`));
    const dial = workload.certificate?.dnsNames.find((name) => name.endsWith(".svc") && !name.startsWith("*"));
    const names = addresses.map((address) => `${address} ${dial}\n`).join("");
    writeFileSync(join(folder, "hosts"), `127.0.0.1 localhost\n${names}`);
    mkdirSync(join(folder, "blocks"));
    const identity = await issueIdentity(workload, addresses);
    const replicas: Replica[] = [];
    for (const [index, address] of addresses.entries()) {
      const at = await relocate(workload, address);
      for (const [file, text] of Object.entries(identity)) writeFileSync(join(at.folder, "tls", file), text);
      for (const [file, text] of Object.entries(secrets)) writeFileSync(join(at.folder, "secrets", file), text);
      if (blocks !== undefined) {
        mkdirSync(dirname(join(at.folder, blocks)), { recursive: true });
        symlinkSync(join(folder, "blocks"), join(at.folder, blocks));
      }
      const replica = { name: `${workload.name}-${index}`, address, at, log: "" };
      replicas.push(Object.assign(replica, { child: run(workload, replica, folder) }));
    }
    const connect = { ca: identity["ca.pem"], cert: identity["cert.pem"], key: identity["key.pem"] };
    return new ReplicaSet(workload, replicas, folder, new Agent({ connect }));
  }

  /** Kills one copy as a crash of its machine would. */
  async kill({ child }: Replica): Promise<void> {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  /** Starts a killed copy again, by its old name, on its old volume. */
  restart(replica: Replica): void {
    replica.child = run(this.workload, replica, this.folder);
  }

  /** Asks one copy over mutual TLS; status 0 when nobody answers. */
  async ask(
    { address }: Replica,
    port: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    const answer = await fetch(`https://${address}:${this.workload.ports[port]?.port ?? 0}${path}`, {
      dispatcher: this.dispatcher,
      method: body === undefined ? "GET" : "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    }).catch(() => undefined);
    return answer === undefined ? { status: 0, text: "" } : { status: answer.status, text: await answer.text() };
  }

  /** Waits until a copy says it is ready and sees so many copies in the ring. */
  async joined(replica: Replica, ring: string, members: number): Promise<void> {
    for (let attempt = 0; attempt < 240 && replica.child.exitCode === null; attempt += 1) {
      const { port, path } = this.workload.health;
      const [health, seen] = await Promise.all([this.ask(replica, port, path), this.ask(replica, "http", ring)]);
      const active = [...seen.text.matchAll(/"state":\s*"ACTIVE"/g)].length;
      if (health.status === 200 && active === members) return;
      await sleep(500);
    }
    throw new Error(`${replica.name} is not one of ${members}:\n${replica.log.slice(-4000)}`);
  }

  async stop(): Promise<void> {
    for (const { child, at } of this.replicas) {
      child.kill("SIGKILL");
      at.remove();
    }
    await this.dispatcher.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(workload: Workload, replica: Omit<Replica, "child">, folder: string): ChildProcess {
  const { name, address, at } = replica;
  const args = [...(unshareArgs() ?? []), ...WITH_NAMES, join(folder, "hosts"), program(workload.program), ...at.args];
  const moved = Object.entries(at.env).map(([key, value]) => [key, value.replace(CONTAINER_PATHS.config, at.folder)]);
  const env = {
    PATH: process.env["PATH"] ?? "",
    ...(Object.fromEntries(moved) as Record<string, string>),
    POD_NAME: name,
    POD_IP: address,
  };
  const child = spawn("unshare", args, { cwd: at.folder, env, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.on("data", (chunk: Buffer) => (replica.log += chunk.toString()));
  return child;
}

async function issueIdentity({ certificate }: Workload, addresses: readonly string[]) {
  if (certificate === undefined) throw new Error("a workload without a certificate");
  const authority = await issueAuthority({ commonName: "replicated", validityDays: 1 });
  const leaf = await issueLeaf(authority, { ...certificate, ipAddresses: addresses, validityDays: 1 });
  return { "ca.pem": authority.certPem, "cert.pem": leaf.certPem, "key.pem": leaf.keyPem };
}

/** Where a copy's TLS file is, for a client of its own. */
export function tlsFilePathOf({ at }: Replica, name: "ca" | "cert" | "key"): string {
  return join(at.folder, "tls", `${name}.pem`);
}
