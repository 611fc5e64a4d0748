import { createHash, timingSafeEqual } from "node:crypto";

/** What is looked at of a request before anything is done. */
export interface Asked {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
}

/** Who is let in, and to do what. */
export interface Guard {
  readonly environment: string;
  readonly user: string;
  readonly password: string;
  /** Whether a POST at this path only reads. */
  readonly isQuery: (path: string) => boolean;
}

/** Why a request is refused. */
export interface Refusal {
  readonly status: 401 | 403 | 405 | 421;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Refuses whatever is not a question of a person who knows the password.
 *
 * - A host that is neither this machine's loopback nor `localhost`: a page of somebody else's whose name was pointed here (DNS
 *   rebinding). The port is left open, because a person may come through `ssh -L`.
 * - A request that a page of another origin sends.
 * - Whatever may change something.
 */
export function refuse(
  { method, host, origin, authorization }: Asked,
  path: string,
  guard: Guard,
): Refusal | undefined {
  if (!isLoopback(hostnameOf(host))) return refusal(421, "this address serves loopback alone");
  if (origin !== undefined && origin !== `http://${host}`) return refusal(403, "a page of another origin asks");
  if (method !== "GET" && method !== "HEAD" && !(method === "POST" && guard.isQuery(path))) {
    return refusal(405, "this front is read-only", { allow: "GET, HEAD" });
  }
  if (isKnown(authorization, guard)) return undefined;
  return refusal(401, "user and password are needed", {
    "www-authenticate": `Basic realm="gpu-observability ${guard.environment}", charset="UTF-8"`,
  });
}

/** The name or address that a browser believes to speak to, without its port. */
export function hostnameOf(host = ""): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Digests are of one length, so that the time of the comparison says nothing about the password. */
function isKnown(authorization = "", { user, password }: Guard): boolean {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  return timingSafeEqual(digestOf(authorization), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function refusal(status: Refusal["status"], text: string, headers: Refusal["headers"] = {}): Refusal {
  return { status, text, headers };
}
