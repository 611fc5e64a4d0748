import { Agent, type Dispatcher } from "undici";
import type { VerifyBackend } from "./plan.ts";
import type { Reader } from "./read.ts";

/** What a backend that knows people by password or token is shown; without a user, a token. */
export interface Credentials {
  readonly user?: string;
  readonly password: string;
}

/**
 * How each backend is asked: our own with the operator's certificate, one of somebody else's without, as it knows
 * nothing of our authority.
 *
 * @param operator - a connection that shows the operator's certificate
 * @param credentials - by the backend's name
 */
export function readerFor(
  { name, endpoint, access, database }: VerifyBackend,
  operator: Dispatcher,
  credentials: Readonly<Record<string, Credentials>>,
): Reader {
  const own = credentials[name];
  return {
    endpoint,
    dispatcher: access === undefined ? operator : outside(access.authority),
    ...(own === undefined ? {} : { authorization: toHeader(own) }),
    ...(access?.tenant === undefined ? {} : { tenant: access.tenant }),
    ...(database === undefined ? {} : { database }),
  };
}

const connections = new Map<string, Dispatcher>();

/** One connection for each authority: a reader is asked for again and again. */
function outside(authority = ""): Dispatcher {
  const known = connections.get(authority);
  if (known !== undefined) return known;
  const made = new Agent(authority === "" ? {} : { connect: { ca: authority } });
  connections.set(authority, made);
  return made;
}

/** Ends the connections to backends of somebody else's. */
export async function closeReaders(): Promise<void> {
  await Promise.all([...connections.values()].map((one) => one.close()));
  connections.clear();
}

function toHeader({ user, password }: Credentials): string {
  return user === undefined ? `Bearer ${password}` : `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
