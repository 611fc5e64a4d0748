import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toYaml } from "../../components/core/yaml.ts";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { issueAuthority, issueLeaf } from "../../components/security/x509.ts";
import { program } from "../support/programs.ts";

/** What an agent sends to, in the place of a gateway: a collector with mutual TLS and a token that keeps all in a file. */
export class Receiver {
  readonly #folder = mkdtempSync(join(tmpdir(), "gpu-observability-receiver-"));
  readonly #address: string;
  readonly #secrets: Record<string, string>;
  #collector: ChildProcess | undefined;

  private constructor(address: string, secrets: Record<string, string>) {
    this.#address = address;
    this.#secrets = secrets;
  }

  static async start(address: string, workload: string): Promise<Receiver> {
    const authority = await issueAuthority({ commonName: "tests", validityDays: 1 });
    const leaf = (name: string, ip: string) =>
      issueLeaf(authority, { commonName: name, validityDays: 1, dnsNames: [name], ipAddresses: [ip] });
    const [server, client] = await Promise.all([leaf("gateway", address), leaf(workload, "127.0.0.1")]);
    const receiver = new Receiver(address, {
      [`${workload}/tls/cert.pem`]: client.certPem,
      [`${workload}/tls/key.pem`]: client.keyPem,
      [`${workload}/tls/ca.pem`]: authority.certPem,
      [`${workload}/secrets/otlp-token`]: "token of the tests",
    });
    receiver.#run(server, authority.certPem);
    return receiver;
  }

  #run(server: { readonly certPem: string; readonly keyPem: string }, caPem: string): void {
    const file = (name: string, text: string): string => {
      writeFileSync(join(this.#folder, name), text, { mode: 0o600 });
      return join(this.#folder, name);
    };
    const tls = {
      cert_file: file("cert.pem", server.certPem),
      key_file: file("key.pem", server.keyPem),
      client_ca_file: file("ca.pem", caPem),
    };
    const config = {
      extensions: { bearertokenauth: { scheme: "Bearer", token: "token of the tests" } },
      receivers: {
        otlp: {
          protocols: { grpc: { endpoint: `${this.#address}:4317`, tls, auth: { authenticator: "bearertokenauth" } } },
        },
      },
      exporters: { file: { path: join(this.#folder, "received.json"), flush_interval: "200ms" } },
      service: {
        extensions: ["bearertokenauth"],
        telemetry: { metrics: { level: "none" } },
        pipelines: Object.fromEntries(
          ["traces", "metrics", "logs"].map((signal) => [signal, { receivers: ["otlp"], exporters: ["file"] }]),
        ),
      },
    };
    const args = [`--config=${file("config.yaml", toYaml(config))}`];
    this.#collector = spawn(program("otelcol"), args, { stdio: "ignore" });
  }

  /** Secrets of the agent that may send here. */
  secrets(): Readonly<Record<string, string>> {
    return this.#secrets;
  }

  /** Everything that came, as lines of OTLP/JSON. */
  received(): string {
    const file = join(this.#folder, "received.json");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  end(): void {
    this.#collector?.kill("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Serves files of this machine on one address, in the place of an operator's mirror. */
export class Mirror {
  readonly #files = new Map<string, string>();
  readonly #server: Server;
  readonly #address: string;

  private constructor(address: string, server: Server) {
    this.#address = address;
    this.#server = server;
  }

  static async start(address: string): Promise<Mirror> {
    const server = createServer();
    const mirror = new Mirror(address, server);
    server.on("request", (request, response) => {
      const file = mirror.#files.get(request.url ?? "");
      if (file === undefined) response.writeHead(404).end();
      else createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(8000, address, resolve));
    return mirror;
  }

  /** A program served as it is, pinned by its digest. */
  serve(name: string, file: string, version = "1.0"): HostProgram {
    const url = `http://${this.#address}:8000/${name}-${version}`;
    this.#files.set(`/${name}-${version}`, file);
    const sha256 = createHash("sha256").update(readFileSync(file)).digest("hex");
    const build = { kind: "archive", url, checksum: { sha256 } } as const;
    return { version, builds: { amd64: build, arm64: build } };
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
