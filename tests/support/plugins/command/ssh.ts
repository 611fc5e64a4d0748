import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";

/** How to reach a host: the `connection` of the SDK, with its defaults. */
export interface SshEndpoint {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  /** A line as in `known_hosts`, without the host: `ssh-ed25519 AAAA…`. Anything is let through without it. */
  readonly hostKey?: string;
  /** Failed attempts after which to give up; -1 never does. @default 10 */
  readonly dialErrorLimit?: number;
  /** Longest wait of one attempt in seconds; 0 waits for ever. @default 15 */
  readonly perDialTimeout?: number;
}

export interface SshConnection extends SshEndpoint {
  /** A bastion in between. */
  readonly proxy?: SshEndpoint;
}

/** Does something on a host, and leaves it. */
export async function onHost<T>(connection: SshConnection, work: (client: Client) => Promise<T>): Promise<T> {
  const open: Client[] = [];
  try {
    const client = await dial(connection, open);
    return await work(client);
  } finally {
    for (const client of open.reverse()) client.end();
  }
}

async function dial(connection: SshConnection, open: Client[]): Promise<Client> {
  const { proxy } = connection;
  if (proxy === undefined) return retrying(connection, () => connect(connection, {}, open));
  const bastion = await naming("proxy", () => retrying(proxy, () => connect(proxy, {}, open)));
  return naming("proxy", async () => {
    const sock = await retrying(connection, () => forward(bastion, connection));
    // As the official plugin does: every further attempt speaks into the connection that the first has ended.
    return retrying(connection, () =>
      sock.destroyed ? Promise.reject(new Error(HUNG_UP)) : connect(connection, { sock }, open),
    );
  });
}

const HUNG_UP = "ssh: handshake failed: EOF";

function connect(endpoint: SshEndpoint, over: ConnectConfig, open: Client[]): Promise<Client> {
  const client = new Client();
  return new Promise((resolve, reject) => {
    let isDenied = false;
    client.once("ready", () => {
      // A connection that breaks later fails what runs over it, and not this process.
      client.on("error", () => undefined);
      open.push(client);
      resolve(client);
    });
    client.once("error", (error) =>
      reject(isDenied ? new Error("ssh: handshake failed: ssh: host key mismatch") : error),
    );
    // A server that hangs up while it is logged in to is no error to this client.
    client.once("close", () => reject(new Error(HUNG_UP)));
    client.connect({
      ...toConfig(endpoint, (denied) => (isDenied = denied)),
      ...over,
    });
  });
}

function toConfig(endpoint: SshEndpoint, onVerdict: (denied: boolean) => void): ConnectConfig {
  const { host, port = 22, user = "root", perDialTimeout = 15 } = endpoint;
  const agent = endpoint.agentSocketPath ?? process.env["SSH_AUTH_SOCK"];
  const key = parseHostKey(endpoint.hostKey);
  return {
    host,
    port,
    username: user,
    readyTimeout: perDialTimeout * 1000,
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
    ...(endpoint.privateKey === undefined ? {} : { privateKey: endpoint.privateKey }),
    ...(endpoint.privateKeyPassword === undefined ? {} : { passphrase: endpoint.privateKeyPassword }),
    ...(agent === undefined ? {} : { agent }),
    ...(key === undefined ? {} : { algorithms: { serverHostKey: [key.type as ServerHostKeyAlgorithm] } }),
    hostVerifier: (presented: Buffer) => {
      const denied = key !== undefined && !presented.equals(key.blob);
      onVerdict(denied);
      return !denied;
    },
  };
}

function parseHostKey(line: string | undefined) {
  if (line === undefined) return undefined;
  const [type = "", blob = ""] = line.trim().split(/\s+/);
  if (blob === "") throw new Error("ssh: no key found");
  return { type, blob: Buffer.from(blob, "base64") };
}

function forward(bastion: Client, { host, port = 22 }: SshEndpoint) {
  return new Promise<ClientChannel>((resolve, reject) =>
    bastion.forwardOut("127.0.0.1", 0, host, port, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    ),
  );
}

async function retrying<T>({ dialErrorLimit = 10 }: SshEndpoint, attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0, pause = 100; ; tries += 1, pause = Math.min(pause * 1.5, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      if (dialErrorLimit > -1 && tries + 1 > dialErrorLimit) {
        throw new Error(`after ${tries} failed attempts: ${(error as Error).message}`, { cause: error });
      }
      await sleep(pause);
    }
  }
}

async function naming<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
  }
}
