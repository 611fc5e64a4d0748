import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type Agent, request } from "undici";
import type { ConsoleBackend } from "../settings.ts";
import { BackendError, firstAnswer } from "./ask.ts";

/** What a person may ask of a backend. */
interface Opened {
  /** Paths that GET and HEAD reach: some of Tempo's and Loki's stop the program or flush it. */
  readonly read: RegExp;
  /** Paths that POST only reads at. */
  readonly query: RegExp;
}

const NOWHERE = /^(?!)/;

/** Profiles cost the processor of the program that is asked, so that `/debug` is left out. */
const OPENED: Readonly<Record<ConsoleBackend, Opened>> = {
  prometheus: {
    read: /^\/(?!debug\/)/,
    query: /^\/api\/v1\/(query|query_range|query_exemplars|series|labels|format_query|parse_query)$/,
  },
  alertmanager: { read: /^\/(?!debug\/)/, query: NOWHERE },
  jaeger: { read: /^\/(?!debug\/)/, query: NOWHERE },
  tempo: { read: /^\/(api\/|ready$)/, query: NOWHERE },
  loki: { read: /^\/(loki\/api\/v1\/|ready$)/, query: NOWHERE },
};

/** Longest form of a query, in bytes. */
const LONGEST_FORM = 1024 * 1024;

/** Headers that a backend is given: neither the password nor cookies of other programs on this address. */
const GIVEN = ["accept", "accept-encoding", "accept-language", "content-type", "if-modified-since", "if-none-match"];

/** Headers that stay behind: those of one connection, and leave for other origins, which Prometheus gives to any. */
const KEPT_BACK = /^(connection|keep-alive|transfer-encoding|upgrade|set-cookie|access-control-.*)$/;

/** Prometheus of a module has no pages; it says so with status 500 and the path of a file. */
const isWithoutPages = (status: number, path: string) => status === 500 && !path.startsWith("/api/");
const WITHOUT_PAGES =
  "This program was built from source, which does not hold its pages. Its HTTP API answers: /api/v1/query?query=up";

/** The backends' pages load from themselves alone. They were not written for more than that. */
const CONTENT_SECURITY_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'none'";

/** Whether a POST at this path of a backend only reads. */
export function isQueryOf(backend: ConsoleBackend): (path: string) => boolean {
  return (path) => OPENED[backend].query.test(path);
}

/** Whether GET and HEAD at this path of a backend are let through. */
export function isOpened(backend: ConsoleBackend, path: string): boolean {
  return OPENED[backend].read.test(path);
}

/** Forwards a request that was let in to the first replica that can be reached. */
export async function forward(
  backend: ConsoleBackend,
  urls: readonly string[],
  dispatcher: Agent,
  asked: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const { pathname, search } = new URL(asked.url ?? "/", "http://localhost");
  const method = asked.method as "GET" | "HEAD" | "POST";
  if (method !== "POST" && !isOpened(backend, pathname)) return end(answer, 403, "this path is not opened");
  const form = method === "POST" ? await readForm(asked) : null;
  if (form === undefined) return end(answer, 413, "the query is too long");
  try {
    const headers = givenHeaders(asked.headers);
    const sent = await firstAnswer(backend, urls, (url) =>
      request(`${url}${pathname}${search}`, { dispatcher, method, headers, body: form }),
    );
    if (isWithoutPages(sent.statusCode, pathname)) {
      await sent.body.dump();
      return end(answer, 404, WITHOUT_PAGES);
    }
    answer.setHeader("content-security-policy", CONTENT_SECURITY_POLICY);
    const passed = Object.entries(sent.headers).filter(([name]) => !KEPT_BACK.test(name));
    answer.writeHead(sent.statusCode, Object.fromEntries(passed) as Record<string, string>);
    await pipeline(sent.body, answer);
  } catch (error) {
    if (error instanceof BackendError && !answer.headersSent) return end(answer, 502, error.message);
    // The answer broke off, at the backend or because the browser left.
    answer.destroy();
  }
}

function givenHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const given = GIVEN.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]]));
  return Object.fromEntries(given) as Record<string, string>;
}

async function readForm(asked: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of asked as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LONGEST_FORM) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function end(answer: ServerResponse, status: number, text: string): void {
  answer.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
