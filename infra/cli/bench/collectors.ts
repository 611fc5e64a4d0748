import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toYaml } from "../../../components/core/yaml.ts";
import { issueAuthority, issueLeaf, type KeyPairPem } from "../../../components/security/x509.ts";
import { resolveProgram } from "../../deploy/programs.ts";
import { type BenchCollector, type Port, TLS_FILES, TOKEN_FILE } from "./bench-collector.ts";

const START_SECONDS = 60;

/** Collectors of a bench: one folder, one certificate, one token. */
export class Collectors {
  private readonly folder: string;
  private readonly hosts: readonly string[];
  private readonly started: ChildProcess[] = [];
  private identity: { readonly ca: string; readonly leaf: KeyPairPem } | undefined;

  constructor(folder: string, hosts: readonly string[]) {
    this.folder = folder;
    this.hosts = hosts;
  }

  /** Starts a collector, waits until it listens and gives its process number. */
  async start({ name, config, listens, env }: BenchCollector): Promise<number> {
    const home = join(this.folder, name);
    await this.writeFiles(home, typeof config === "string" ? config : toYaml(config));
    const [program = "", ...leading] = resolveProgram("otelcol");
    const child = spawn(program, [...leading, "--config=config.yaml"], {
      cwd: home,
      // Nothing else of our own: a GOGC of whoever measures would be measured.
      env: { PATH: process.env["PATH"] ?? "", HOME: home, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.started.push(child);
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    const deadline = performance.now() + START_SECONDS * 1000;
    while (!(await isListening(listens))) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`${name} did not start:\n${log}`);
      await sleep(100);
    }
    if (child.pid === undefined) throw new Error(`${name} did not start`);
    return child.pid;
  }

  async stop(): Promise<void> {
    const running = this.started.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(
      running.map(async (child) => {
        child.kill("SIGKILL");
        await once(child, "exit");
      }),
    );
  }

  private async writeFiles(home: string, config: string): Promise<void> {
    const { ca, leaf } = (this.identity ??= await this.makeIdentity());
    const files = {
      "config.yaml": config,
      [TLS_FILES.ca]: ca,
      [TLS_FILES.cert]: leaf.certPem,
      [TLS_FILES.key]: leaf.keyPem,
      [TOKEN_FILE]: "bench-token-of-a-temporary-folder",
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text, { mode: 0o600 });
    }
    mkdirSync(join(home, "data"), { recursive: true });
  }

  private async makeIdentity() {
    const authority = await issueAuthority({ commonName: "bench", validityDays: 1 });
    const request = { commonName: "bench", dnsNames: ["bench"], ipAddresses: this.hosts, validityDays: 1 };
    return { ca: authority.certPem, leaf: await issueLeaf(authority, request) };
  }
}

function isListening({ host, port }: Port): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
