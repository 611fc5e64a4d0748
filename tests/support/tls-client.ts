import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";

/** A client's key material, PEM. */
export interface Identity {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Longest wait for a server's word on our certificate; TLS 1.3 gives it after the client's handshake is done. */
const PATIENCE_MS = 1500;

/** Tries a TLS handshake; gives the error, or undefined when the server let us in. */
export function tryTls(host: string, port: number, identity: Identity): Promise<string | undefined> {
  return new Promise((resolve) => {
    // A gRPC server closes the connection of a client that does not offer h2.
    const ALPNProtocols = ["h2", "http/1.1"];
    const socket = connectTls({ host, port, ...identity, ALPNProtocols, checkServerIdentity: () => undefined });
    const finish = (result: string | undefined) => {
      socket.destroy();
      resolve(result);
    };
    socket.once("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    socket.once("close", () => finish("closed by the server"));
    socket.setTimeout(PATIENCE_MS, () => finish(socket.authorized ? undefined : String(socket.authorizationError)));
  });
}

/** Speaks plain HTTP to a port and gives the first line of the answer, or how the server broke off. */
export function tryPlainHttp(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host, port }, () => socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    const finish = (result: string) => {
      socket.destroy();
      resolve(result);
    };
    // A TLS alert is binary: it is shown, not read.
    socket.once("data", (data: Buffer) => finish(data.toString("latin1").split("\r\n")[0] ?? ""));
    socket.once("error", (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
    socket.once("close", () => finish("closed by the server"));
    socket.setTimeout(PATIENCE_MS, () => finish("no answer"));
  });
}
