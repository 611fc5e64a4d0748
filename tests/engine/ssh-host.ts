import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel, type Session, type SFTPWrapper } from "ssh2";

const { Server, utils } = ssh2;

/** A host to log in to: an SSH server on loopback that runs commands as this user and takes files. */
export interface SshHost {
  readonly port: number;
  /** Its key as in `known_hosts`: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** Logins that succeeded. */
  readonly logins: () => number;
  close(): Promise<void>;
}

/** A key of an operator: what logs in, and what a host knows of it. */
export function newKey(): { readonly privateKey: string; readonly publicKey: string } {
  for (;;) {
    const { private: privateKey, public: publicKey } = utils.generateKeyPairSync("ed25519");
    // ssh2 writes one key in two hundred in a form that it then cannot read.
    if (!(utils.parseKey(privateKey) instanceof Error)) return { privateKey, publicKey };
  }
}

/** @param authorized - the one public key that may log in */
export async function startSshHost(authorized: string): Promise<SshHost> {
  const own = newKey();
  const allowed = utils.parseKey(authorized);
  if (allowed instanceof Error) throw allowed;
  let logins = 0;
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [own.privateKey] }, (client) => {
    open.add(client);
    client.on("error", () => undefined).on("close", () => open.delete(client));
    client.on("authentication", (context) => {
      const isKnown = context.method === "publickey" && context.key.data.equals(allowed.getPublicSSH());
      if (!isKnown) return context.reject(["publickey"]);
      if (context.signature && allowed.verify(context.blob ?? Buffer.alloc(0), context.signature) !== true)
        return context.reject();
      return context.accept();
    });
    client.on("ready", () => {
      logins += 1;
      client.on("session", (accept) => serve(accept()));
      client.on("tcpip", (accept, _reject, { destIP, destPort }) => {
        const there = connect(destPort, destIP);
        const channel = accept();
        there.on("error", () => channel.end());
        channel.pipe(there).pipe(channel);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: own.publicKey.split(" ").slice(0, 2).join(" "),
    logins: () => logins,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of open) client.end();
      }),
  };
}

function serve(session: Session): void {
  const env: Record<string, string> = {};
  session.on("env", (accept, _reject, { key, val }) => {
    env[key] = val;
    accept?.();
  });
  session.on("exec", (accept, _reject, { command }) => run(accept(), command, env));
  session.on("sftp", (accept) => takeFiles(accept()));
}

function run(channel: ServerChannel, command: string, env: Record<string, string>): void {
  const child = spawn("/bin/sh", ["-c", command], { env: { ...process.env, ...env } });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
}

/** Enough of the protocol to write files and make folders. */
function takeFiles(sftp: SFTPWrapper): void {
  const { OK, FAILURE, NO_SUCH_FILE } = utils.sftp.STATUS_CODE;
  const during = (request: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      sftp.status(request, (error as NodeJS.ErrnoException).code === "ENOENT" ? NO_SUCH_FILE : FAILURE);
    }
  };
  const done = (request: number, work: () => void) =>
    during(request, () => {
      work();
      sftp.status(request, OK);
    });
  const toHandle = (file: number) => Buffer.from([file]);
  sftp.on("STAT", (request, path) => during(request, () => sftp.attrs(request, attributesOf(path))));
  sftp.on("LSTAT", (request, path) => during(request, () => sftp.attrs(request, attributesOf(path))));
  sftp.on("MKDIR", (request, path) => done(request, () => mkdirSync(path)));
  sftp.on("OPEN", (request, path) => during(request, () => sftp.handle(request, toHandle(openSync(path, "w")))));
  sftp.on("WRITE", (request, handle, offset, data) =>
    done(request, () => writeSync(handle[0] ?? 0, data, 0, data.length, offset)),
  );
  sftp.on("FSETSTAT", (request) => sftp.status(request, OK));
  sftp.on("CLOSE", (request, handle) => done(request, () => closeSync(handle[0] ?? 0)));
  // The official plugin waits for the end of the session it has ended.
  sftp.on("end", () => sftp.end());
}

function attributesOf(path: string) {
  const { mode, uid, gid, size, atimeMs, mtimeMs } = statSync(path);
  return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
}
