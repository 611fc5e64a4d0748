import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";

/** A connection that is still silent after this time brings no more. */
const SILENCE_MS = 60_000;
const MOST_REDIRECTS = 10;

/** What a server answered; the body is not read yet. */
export interface Answer {
  readonly status: number;
  readonly body: IncomingMessage;
}

export interface RequestOptions {
  /** @default GET */
  readonly method?: "GET" | "HEAD";
  /** Longest time until the end of the body, in milliseconds. */
  readonly timeoutMs: number;
  /** Whether a redirection is followed. @default true */
  readonly follow?: boolean;
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Asks a server of the network, through the proxy that the environment names.
 *
 * Not with undici: its parser ends the whole program with an AssertionError when a server closes the connection while
 * the disk is slower than the network (7.30.2, `assert(!this.paused)` in `client-h1.js`).
 *
 * @throws {Error} when no answer comes; the message says what happened instead
 */
export async function request(address: string, options: RequestOptions): Promise<Answer> {
  let at = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const body = await ask(at, options);
    const status = body.statusCode ?? 0;
    const { location } = body.headers;
    if (options.follow === false || status < 300 || status > 399 || location === undefined) return { status, body };
    body.resume();
    at = new URL(location, at).href;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirections`);
}

function ask(address: string, { method = "GET", timeoutMs, env }: RequestOptions): Promise<IncomingMessage> {
  const options = { method, timeout: SILENCE_MS };
  return new Promise((resolve, reject) => {
    const asked = address.startsWith("https:")
      ? requestHttps(address, { ...options, agent: new HttpsAgent({ proxyEnv: env }) })
      : requestHttp(address, { ...options, agent: new HttpAgent({ proxyEnv: env }) });
    // A body that the request ends is told of a reset, whatever the reason was: it is ended itself.
    let ending: IncomingMessage | typeof asked = asked;
    const end = (why: string): unknown => ending.destroy(new Error(why));
    const timer = setTimeout(() => end(`no end within ${timeoutMs / 1000} s`), timeoutMs);
    asked.once("timeout", () => end(`nothing came for ${SILENCE_MS / 1000} s`));
    asked.once("close", () => clearTimeout(timer));
    asked.once("response", (body) => resolve((ending = body)));
    asked.on("error", (error) => reject(inWords(error)));
    asked.end();
  });
}

const FAULTS: Readonly<Record<string, string>> = {
  ECONNRESET: "the server closed the connection before the end",
  ERR_STREAM_PREMATURE_CLOSE: "the server closed the connection before the end",
  ECONNREFUSED: "the server refuses connections",
  ENOTFOUND: "no such host is known",
  EAI_AGAIN: "the name of the host cannot be resolved",
};

/** A fault of the network in words; any other error as it is. */
export function inWords(error: Error): Error {
  const { code = "" } = error as NodeJS.ErrnoException;
  const text = FAULTS[code];
  return text === undefined ? error : new Error(`${text} (${code})`);
}
