import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";

const PATIENCE_MS = 30_000;

/** A Docker engine of our own, in a network namespace of its own, which ends with the test. */
export interface Daemon {
  /** `unix://…` */
  readonly host: string;
  readonly client: Docker;
  /** Before a command that must reach the ports containers publish. */
  readonly prefix: readonly string[];
  /** Makes an image of nothing but these programs (absolute paths) and whatever they load. */
  importImage(name: string, programs: readonly string[]): Promise<void>;
  /** Fetches from inside the namespace; gives the status, 0 when nobody answers, and the body. */
  fetch(url: string, identity?: Identity): Answer;
  stop(): Promise<void>;
}

/** Who asks over mutual TLS, and the name the certificate of whoever answers must carry; PEM. */
export interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly serverName: string;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** @returns the reason why there can be none here */
export async function startDaemon(): Promise<Daemon | string> {
  const reason = whyNot();
  if (reason !== undefined) return reason;
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-docker-"));
  const socket = join(folder, "docker.sock");
  const flags = { "--data-root": "data", "--exec-root": "exec", "--pidfile": "pid" };
  const args = Object.entries(flags).flatMap(([flag, name]) => [flag, join(folder, name)]);
  const command = ["dockerd", ...args, "--host", `unix://${socket}`, "--log-level", "error"];
  const daemon = spawn("unshare", ["--net", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", ...command], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  daemon.stderr.on("data", (chunk: Buffer) => (text = `${text}${chunk.toString()}`.slice(-2000)));
  const client = new Docker({ socketPath: socket });
  if (await answers(client, daemon)) return toDaemon(daemon, client, { folder, socket });
  await end(daemon, folder);
  return `dockerd does not start here: ${text.trim().split("\n").at(-1) ?? "it says nothing"}`;
}

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "a Docker engine of one's own needs root";
  const missing = ["dockerd", "containerd", "runc", "iptables", "unshare", "nsenter"].filter((name) => !isOnPath(name));
  return missing.length === 0
    ? undefined
    : `not installed: ${missing.join(", ")} (Debian: docker.io iptables util-linux)`;
}

function isOnPath(name: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, name)));
}

async function answers(client: Docker, daemon: ChildProcess): Promise<boolean> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && daemon.exitCode === null; await sleep(200)) {
    const ok = await client.ping().then(
      () => true,
      () => false,
    );
    if (ok) return true;
  }
  return false;
}

function toDaemon(
  daemon: ChildProcess,
  client: Docker,
  { folder, socket }: { folder: string; socket: string },
): Daemon {
  const prefix = ["nsenter", `--net=/proc/${daemon.pid}/ns/net`];
  return {
    host: `unix://${socket}`,
    client,
    prefix,
    importImage: (name, programs) => importImage(client, name, programs, folder),
    fetch: (url, identity) => fetchInside(prefix, url, identity),
    stop: async () => {
      const left = await client.listContainers({ all: true });
      for (const { Id } of left) await client.getContainer(Id).remove({ force: true });
      await end(daemon, folder);
    },
  };
}

const ASKING = `
  const { url, identity } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const { serverName: servername, ...tls } = identity ?? {};
  const { get } = require(url.startsWith("https:") ? "node:https" : "node:http");
  get(url, { ...tls, ...(identity ? { servername } : {}) }, (answer) => {
    let body = "";
    answer.on("data", (chunk) => (body += chunk));
    answer.on("end", () => console.log(JSON.stringify({ status: answer.statusCode, body })));
  }).on("error", (error) => console.log(JSON.stringify({ status: 0, body: error.message })));
`;

function fetchInside([program = "", ...args]: readonly string[], url: string, identity: Identity | undefined): Answer {
  const input = JSON.stringify({ url, identity });
  const { stdout } = spawnSync(program, [...args, process.execPath, "-e", ASKING], { encoding: "utf8", input });
  return JSON.parse(stdout) as Answer;
}

async function end(daemon: ChildProcess, folder: string): Promise<void> {
  const closed = daemon.exitCode === null ? new Promise((resolve) => daemon.once("close", resolve)) : undefined;
  daemon.kill("SIGTERM");
  await closed;
  // What the engine mounted goes a moment after it.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}

async function importImage(client: Docker, name: string, programs: readonly string[], folder: string): Promise<void> {
  const root = mkdtempSync(join(folder, "image-"));
  for (const program of programs) {
    const target = join(root, "bin", program.split("/").at(-1) ?? "");
    mkdirSync(dirname(target), { recursive: true });
    cpSync(program, target, { dereference: true });
    chmodSync(target, 0o755);
    for (const library of librariesOf(program))
      cpSync(library, join(root, library), { dereference: true, recursive: true });
  }
  mkdirSync(join(root, "tmp"), { mode: 0o1777 });
  const tar = spawn("tar", ["-C", root, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const [repo, tag] = name.split(":");
  const entryPoint = `/bin/${programs[0]?.split("/").at(-1) ?? ""}`;
  const answer = await client.importImage(tar.stdout, {
    repo,
    tag,
    changes: `ENTRYPOINT ${JSON.stringify([entryPoint])}`,
  });
  await new Promise((resolve, reject) => answer.on("error", reject).on("end", resolve).resume());
  rmSync(root, { recursive: true, force: true });
}

/** What a program loads when it starts; nothing where it is static. */
function librariesOf(program: string): readonly string[] {
  const { stdout, status } = spawnSync("ldd", [program], { encoding: "utf8" });
  return status === 0 ? [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path) : [];
}
