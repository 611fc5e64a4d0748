import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import type { ConsoleBackend, ConsoleConfig } from "../settings.ts";

/** Names of backends for people. */
export const TITLES: Readonly<Record<ConsoleBackend, string>> = {
  prometheus: "Prometheus",
  alertmanager: "Alertmanager",
  jaeger: "Jaeger",
  tempo: "Tempo",
  loki: "Loki",
};

/** Longest wait for the head of a forwarded answer, and between two parts of it. */
const FORWARD_MS = 60_000;
/** Longest wait for one answer to the page, the time in the queue included: a backend that hangs is soon named. */
const ASK_MS = 5_000;
const CONNECT_MS = 3_000;
/** Queries that one replica is asked at a time: a page has some 60. */
const CONNECTIONS = 8;

/** A backend that does not answer, or refuses; the message is a sentence that names it. */
export class BackendError extends Error {}

/** A connection that shows the console's certificate. */
export function connectionOf({ tls }: Pick<ConsoleConfig, "tls">): Agent {
  const [ca, cert, key] = [tls.caFile, tls.certFile, tls.keyFile].map((file) => readFileSync(file, "utf8"));
  return new Agent({
    connections: CONNECTIONS,
    headersTimeout: FORWARD_MS,
    bodyTimeout: FORWARD_MS,
    connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "", timeout: CONNECT_MS },
  });
}

/** Asks backends for JSON. */
export type Ask = (backend: ConsoleBackend, path: string) => Promise<unknown>;

/** Asks the replicas of a backend in turn; the first that answers is believed. */
export function askerOf(config: Pick<ConsoleConfig, "backends">, dispatcher: Agent): Ask {
  return async (backend, path) => {
    const { status, text } = await firstAnswer(backend, config.backends[backend] ?? [], async (url) => {
      const signal = AbortSignal.timeout(ASK_MS);
      const answer = await request(`${url}${path}`, { dispatcher, signal, headers: { accept: "application/json" } });
      return { status: answer.statusCode, text: await answer.body.text() };
    });
    if (status === 200) return (JSON.parse(text) as { readonly data: unknown }).data;
    throw new BackendError(`${TITLES[backend]} refused the query (${status}): ${reasonOf(text)}`);
  };
}

/**
 * What the first replica that can be reached answers.
 *
 * @throws {BackendError} when none can; it names each
 */
export async function firstAnswer<T>(
  backend: ConsoleBackend,
  urls: readonly string[],
  send: (url: string) => Promise<T>,
): Promise<T> {
  const failures: string[] = [];
  for (const url of urls) {
    try {
      return await send(url);
    } catch (error) {
      failures.push(`${url}: ${faultOf(error)}`);
    }
  }
  throw new BackendError(`${TITLES[backend]} does not answer (${failures.join("; ")})`);
}

function faultOf(error: unknown): string {
  const { name, code } = error as NodeJS.ErrnoException;
  if (name === "TimeoutError") return `no answer within ${ASK_MS / 1000} s`;
  return typeof code === "string" ? code : String(error);
}

/** Prometheus gives its reason as JSON, Loki as text. */
function reasonOf(text: string): string {
  try {
    return (JSON.parse(text) as { readonly error?: string }).error ?? text.slice(0, 300);
  } catch {
    return text.trim().slice(0, 300);
  }
}
