import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Served } from "./pack.ts";

/** What a server does in the place of serving a file whole. */
export type Fault =
  /** 404. */
  | "missing"
  /** 403, as a bucket or a proxy answers. */
  | "forbidden"
  /** Another content of the same length. */
  | "changed"
  /** The first half, said to be all. */
  | "truncated"
  /** The first half, then the connection ends. */
  | "broken"
  /** The connection ends before an answer. */
  | "closed"
  /** HTTP/1.0: whole, and the connection ends behind it. */
  | "http-1.0"
  /** First a redirection to another address of this server, as GitHub's to its store. */
  | "redirected";

/** A mirror of official releases on loopback: `<base>/<host>/<path>`. Its root answers 403, as that of a bucket. */
export class ReleaseMirror {
  /** `GET` and `HEAD` requests by address, in order. */
  readonly asked: string[] = [];
  readonly #files = new Map<string, Buffer>();
  readonly #faults: { readonly part: string; readonly fault: Fault }[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, answer) => this.#serve(request, answer));
  }

  /** @param host - a loopback address nobody else uses */
  static async start(host: string): Promise<ReleaseMirror> {
    const mirror = new ReleaseMirror();
    await new Promise<void>((resolve) => mirror.#server.listen(0, host, resolve));
    return mirror;
  }

  get base(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return `http://${address}:${port}/releases`;
  }

  serve(files: readonly Served[]): void {
    for (const { address, content } of files) this.#files.set(address, content);
  }

  /** From now on, every address that ends with `part` has this fault. */
  break(part: string, fault: Fault): void {
    this.#faults.push({ part, fault });
  }

  /** How often files were fetched whose address ends with `part`. */
  fetched(part: string): number {
    return this.asked.filter((line) => line.startsWith("GET ") && line.endsWith(part)).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve({ method = "", url = "", socket }: IncomingMessage, answer: ServerResponse): void {
    this.asked.push(`${method} ${url}`);
    const address = url.replace(/^\/releases\//, "").replace(/^moved\//, "");
    const fault = this.#faults.find(({ part }) => address.endsWith(part))?.fault;
    const content = this.#files.get(address);
    if (fault === "closed") return void socket.destroy();
    if (fault === "forbidden" || url === "/" || url === "/releases") return void answer.writeHead(403).end();
    if (content === undefined || fault === "missing") return void answer.writeHead(404).end("Not Found");
    if (fault === "redirected" && !url.includes("/moved/"))
      return void answer.writeHead(302, { location: `/releases/moved/${address}` }).end();
    if (method === "HEAD") return void answer.writeHead(200, { "content-length": content.length }).end();
    if (fault === "http-1.0") return void socket.end(Buffer.concat([Buffer.from(`HTTP/1.0 200 OK\r\n\r\n`), content]));
    if (fault === "broken") {
      answer.writeHead(200, { "content-length": content.length });
      return void answer.write(content.subarray(0, content.length / 2), () => socket.destroy());
    }
    answer.writeHead(200).end(damage(content, fault));
  }
}

function damage(content: Buffer, fault: Fault | undefined): Buffer {
  if (fault === "truncated") return content.subarray(0, content.length / 2);
  if (fault === "changed") return Buffer.from(content.map((byte) => byte ^ 1));
  return content;
}
