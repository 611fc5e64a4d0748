import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toYaml } from "../../../components/core/yaml.ts";
import { issueAuthority, issueLeaf, type KeyPairPem } from "../../../components/security/x509.ts";
import { resolveProgram } from "../../deploy/programs.ts";

/** Addresses of the bench: one network, so one certificate serves all of them. */
export const HOSTS = { first: "127.75.0.1", second: "127.75.0.2", bare: "127.75.0.3", sender: "127.75.0.4" } as const;

const FILES = { ca: "tls/ca.pem", cert: "tls/cert.pem", key: "tls/key.pem" } as const;
export const SERVER_TLS = { cert_file: FILES.cert, key_file: FILES.key, client_ca_file: FILES.ca };
export const CLIENT_TLS = { cert_file: FILES.cert, key_file: FILES.key, ca_file: FILES.ca };
export const TOKEN = { bearertokenauth: { filename: "secrets/otlp-token", scheme: "Bearer" } };

/** Collectors started below one folder, with one certificate and one token. */
export class Collectors {
  private readonly folder: string;
  private readonly started: ChildProcess[] = [];
  private identity: { readonly ca: string; readonly leaf: KeyPairPem } | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts a collector and gives its process number. */
  async start(name: string, config: object | string, args: readonly string[] = []): Promise<number> {
    const { ca, leaf } = (this.identity ??= await this.makeIdentity());
    const home = join(this.folder, name);
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text, { mode: 0o600 });
    };
    write("config.yaml", typeof config === "string" ? config : toYaml(config));
    write(FILES.ca, ca);
    write(FILES.cert, leaf.certPem);
    write(FILES.key, leaf.keyPem);
    write("secrets/otlp-token", "bench-token-of-a-temporary-folder");
    mkdirSync(join(home, "data"), { recursive: true });
    const [program = "", ...leading] = resolveProgram("otelcol");
    const child = spawn(program, [...leading, "--config=config.yaml", ...args], {
      cwd: home,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    this.started.push(child);
    await sleep(2500);
    if (child.exitCode !== null || child.pid === undefined) throw new Error(`${name} did not start:\n${log}`);
    return child.pid;
  }

  stop(): void {
    for (const child of this.started) child.kill("SIGKILL");
  }

  private async makeIdentity() {
    const authority = await issueAuthority({ commonName: "bench", validityDays: 1 });
    const request = { commonName: "bench", dnsNames: ["bench"], ipAddresses: Object.values(HOSTS), validityDays: 1 };
    return { ca: authority.certPem, leaf: await issueLeaf(authority, request) };
  }
}
