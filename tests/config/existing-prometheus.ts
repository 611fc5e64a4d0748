import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch } from "undici";
import { parse } from "yaml";
import { toYaml } from "../../components/core/yaml.ts";
import { issueAuthority, issueLeaf } from "../../components/security/x509.ts";
import { program } from "../support/programs.ts";

export const USER = "gpu";
/** Every character here means something to a configuration that would be given it as text. */
export const PASSWORD = "pa$$ ${env:HOME}: #1";
/** Of {@link PASSWORD}. Cost 4: it is asked on every request. */
const PASSWORD_HASH = "$2b$04$Zx0Yb7mQ4kLw9sTgV2pNhegPz3qyr3piQrPQ6vlEw8Wakf16ktUz.";

/** A Prometheus as somebody else would run it: an authority of its own, a password, our parts of its configuration. */
export class ExistingPrometheus {
  readonly authority: string;
  readonly url: string;
  private readonly folder: string;
  private readonly child: ChildProcess;
  private readonly dispatcher: Agent;
  private log = "";

  private constructor(folder: string, address: string, authority: string) {
    this.folder = folder;
    this.authority = authority;
    this.url = `https://${address}`;
    this.dispatcher = new Agent({ connect: { ca: authority } });
    const args = [
      "--config.file=prometheus.yml",
      "--web.config.file=web.yml",
      `--web.listen-address=${address}`,
      "--storage.tsdb.path=tsdb",
      "--web.enable-otlp-receiver",
      "--web.enable-remote-write-receiver",
      "--enable-feature=exemplar-storage",
    ];
    this.child = spawn(program("prometheus"), args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
    this.child.stderr?.on("data", (chunk: Buffer) => (this.log += chunk.toString()));
  }

  /**
   * Starts one with what `npm run render` wrote for it, as the README beside it says.
   *
   * @param rendered - files below `external-prometheus/`
   */
  static async start(rendered: Readonly<Record<string, string>>, host: string, port: number) {
    const folder = mkdtempSync(join(tmpdir(), "gpu-observability-existing-prometheus-"));
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text, { mode: 0o600 });
    };
    const authority = await issueAuthority({ commonName: "somebody else", validityDays: 1 });
    const names = { commonName: "prometheus", dnsNames: ["prometheus"], ipAddresses: [host] };
    const leaf = await issueLeaf(authority, { ...names, validityDays: 1 });
    write("server.pem", leaf.certPem);
    write("server-key.pem", leaf.keyPem);
    // The scrapes' certificate: none of our programs runs here, so any will do.
    for (const [name, text] of [
      ["ca", authority.certPem] as const,
      ["cert", leaf.certPem] as const,
      ["key", leaf.keyPem] as const,
    ]) {
      write(`gpu-observability/${name}.pem`, text);
    }
    for (const [path, text] of Object.entries(rendered)) write(`gpu-observability/${path}`, text);
    cpSync(join(folder, "gpu-observability", "prometheus.yml"), join(folder, "prometheus.yml"));
    const tls = { cert_file: "server.pem", key_file: "server-key.pem" };
    write("web.yml", toYaml({ tls_server_config: tls, basic_auth_users: { [USER]: PASSWORD_HASH } }));
    const started = new ExistingPrometheus(folder, `${host}:${port}`, authority.certPem);
    await started.until("readiness", async () => (await started.ask("/-/ready")).status === 200);
    return started;
  }

  /** Asks it; status 0 when nobody answers. */
  async ask(path: string, user = USER, password = PASSWORD): Promise<{ status: number; text: string }> {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    const answer = await fetch(`${this.url}${path}`, { dispatcher: this.dispatcher, headers: { authorization } }).catch(
      () => undefined,
    );
    return answer === undefined ? { status: 0, text: "" } : { status: answer.status, text: await answer.text() };
  }

  /** Labels of the series a query gives, waiting until there is one. */
  async labelsOf(query: string): Promise<Readonly<Record<string, string>>> {
    let labels: Readonly<Record<string, string>> | undefined;
    await this.until(query, async () => {
      const { text } = await this.ask(`/api/v1/query?query=${encodeURIComponent(query)}`);
      const { data } = parse(text) as { data?: { result: { metric: Record<string, string> }[] } };
      labels = data?.result[0]?.metric;
      return labels !== undefined;
    });
    return labels ?? {};
  }

  async stop(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.dispatcher.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 75 && this.child.exitCode === null; attempt += 1) {
      if (await isTrue()) return;
      await sleep(200);
    }
    throw new Error(`the existing Prometheus gave no ${what}:\n${this.log.slice(-3000)}`);
  }
}
