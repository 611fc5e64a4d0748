import type { AddressInfo } from "node:net";
import ssh2, { type SFTPWrapper } from "ssh2";
import { newKey } from "../engine/ssh-host.ts";

const { Server, utils } = ssh2;

/**
 * A stand-in for a fleet: one SSH server on loopback on which every user is a host. Takes bundles and throws them away,
 * installs nothing, and remembers the version each host was told to run.
 */
export class PretendHosts {
  readonly hostKey: string;
  readonly privateKey: string;
  /** Version that each host runs, by its name. */
  readonly versions = new Map<string, string>();
  /** Hosts whose health check fails, and those that nobody gets into. */
  readonly broken = new Set<string>();
  readonly down = new Set<string>();
  /** Every time a host was reached, in order. */
  readonly reached: string[] = [];
  /** Hosts that were sent a bundle, in order. */
  readonly sent: string[] = [];
  private readonly server: InstanceType<typeof Server>;

  private constructor() {
    const [own, operator] = [newKey(), newKey()];
    this.hostKey = own.publicKey.split(" ").slice(0, 2).join(" ");
    this.privateKey = operator.privateKey;
    this.server = new Server({ hostKeys: [own.privateKey] }, (client) => {
      let host = "";
      client.on("error", () => undefined);
      client.on("authentication", (context) => {
        host = context.username;
        if (context.method === "publickey" && !this.down.has(host)) context.accept();
        else context.reject(["publickey"]);
      });
      client.on("ready", () => this.reached.push(host));
      client.on("session", (accept) => {
        const session = accept();
        session.on("sftp", (open) => discardFiles(open(), () => this.sent.push(host)));
        session.on("exec", (open, _reject, { command }) => {
          const channel = open();
          // The official plugin may call it a failure where a command ends before its input was sent.
          channel.resume().on("end", () => {
            const { code, text } = this.run(host, command);
            channel.write(text);
            channel.exit(code);
            channel.end();
          });
        });
      });
    });
  }

  static async start(): Promise<PretendHosts> {
    const hosts = new PretendHosts();
    await new Promise<void>((resolve) => hosts.server.listen(0, "127.0.0.1", () => resolve()));
    return hosts;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  end(): void {
    this.server.close();
  }

  /** The words behind the script are the bundle's version and digest; the removal has the name of the host alone. */
  private run(host: string, command: string) {
    const version = /' gpu-observability (\S+) [0-9a-f]{64}$/.exec(command)?.[1];
    if (this.broken.has(host)) return { code: 1, text: `host ${host}: the agent does not answer; switched back\n` };
    if (version === undefined) this.versions.delete(host);
    else this.versions.set(host, version);
    return { code: 0, text: "in force\n" };
  }
}

function discardFiles(sftp: SFTPWrapper, taken: () => void): void {
  const { OK, NO_SUCH_FILE } = utils.sftp.STATUS_CODE;
  sftp.on("STAT", (request) => sftp.status(request, NO_SUCH_FILE));
  sftp.on("OPEN", (request) => {
    taken();
    sftp.handle(request, Buffer.from([1]));
  });
  for (const event of ["MKDIR", "WRITE", "FSETSTAT", "CLOSE"] as const)
    sftp.on(event, (request: number) => sftp.status(request, OK));
  sftp.on("end", () => sftp.end());
}
