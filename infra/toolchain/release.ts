import { createHash } from "node:crypto";
import { chmodSync, cpSync, createWriteStream, existsSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Response } from "undici";
import { ConfigError } from "../../components/core/errors.ts";
import { unpack } from "./archive.ts";
import { type Architecture, companionsOf, type Entry, fill, type Release } from "./catalogue.ts";

const PROBE_MS = 3_000;
const CHECKSUMS_MS = 20_000;
const ARCHIVE_MS = 15 * 60_000;

/** A release that cannot be had, which is no fault: the program is then built, or left out. */
export class Unreachable extends Error {}

/** Whether the host of a release answers at all; asked once per host. */
export class Reachability {
  readonly #answers = new Map<string, Promise<boolean>>();

  canReach(release: Release): Promise<boolean> {
    const { origin } = new URL(release.archive);
    const known = this.#answers.get(origin) ?? probe(origin);
    this.#answers.set(origin, known);
    return known;
  }
}

async function probe(origin: string): Promise<boolean> {
  try {
    const answer = await request(origin, PROBE_MS, "HEAD");
    await answer.body?.cancel();
    return answer.status < 500 && answer.status !== 403 && answer.status !== 407;
  } catch {
    return false;
  }
}

// Not the built-in fetch: this one honours HTTPS_PROXY and NO_PROXY. Loaded only when something is missing.
async function request(address: string, timeoutMs: number, method: "GET" | "HEAD" = "GET"): Promise<Response> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({ connect: { timeout: PROBE_MS } });
  return fetch(address, { method, dispatcher, signal: AbortSignal.timeout(timeoutMs) });
}

/**
 * Fetches the official archive of the programs' source, compares it with its pinned checksum or the one its publisher
 * offers, and unpacks it.
 *
 * @returns the folder that holds each program under its own name, companions beside them
 * @throws {Unreachable} when the archive or its checksum cannot be fetched, or lacks a file
 * @throws {ConfigError} when the archive is not the one its publisher's checksum describes
 */
export async function fetchRelease(
  entries: readonly Entry[],
  release: Release,
  { work, architecture }: { readonly work: string; readonly architecture: Architecture },
): Promise<string> {
  const source = entries[0]?.source;
  if (source === undefined) throw new Error("no program asked for");
  const address = fill(release.archive, source, architecture);
  const pinned = release.sha256?.[architecture];
  const listed = async () => {
    const checksums = await text(fill(release.checksums, source, architecture));
    return parseChecksum(checksums, basename(new URL(address).pathname));
  };
  const wanted = pinned ?? (await listed());
  if (wanted === undefined) throw new Unreachable(`no checksum is published for ${address}`);
  const archive = join(work, basename(new URL(address).pathname));
  requireSame(
    await download(address, archive),
    wanted,
    address,
    pinned === undefined ? "its publisher" : "versions.json",
  );
  const unpacked = join(work, "unpacked");
  unpack(archive, unpacked, release.strip);
  return arrange(entries, unpacked, join(work, "released"), architecture);
}

/** The SHA-256 that a checksum file gives for a file name, or its only one when it names no file. */
export function parseChecksum(text: string, fileName: string): string | undefined {
  const lines = text.split("\n").flatMap((line) => {
    const match = /^([0-9a-f]{64})(?:\s+\*?(?:\.\/)?(\S+))?\s*$/i.exec(line.trim());
    return match === null ? [] : [{ sum: match[1]?.toLowerCase() ?? "", name: match[2] }];
  });
  const named = lines.find(({ name }) => name !== undefined && basename(name) === fileName);
  const bare = lines.length === 1 && lines[0]?.name === undefined ? lines[0] : undefined;
  return (named ?? bare)?.sum;
}

function requireSame(got: string, wanted: string, address: string, by: string): void {
  if (got === wanted) return;
  throw new ConfigError([
    {
      path: address,
      expected: `SHA-256 ${wanted}, as ${by} says`,
      got: `SHA-256 ${got}`,
      fix: "run the command again; if it repeats, something between here and the publisher changes the file",
    },
  ]);
}

async function text(address: string): Promise<string> {
  return reaching(address, async () => {
    const answer = await request(address, CHECKSUMS_MS);
    if (!answer.ok) throw new Unreachable(`${address} answers ${answer.status}`);
    return answer.text();
  });
}

async function download(address: string, file: string): Promise<string> {
  return reaching(address, async () => {
    const answer = await request(address, ARCHIVE_MS);
    if (!answer.ok || answer.body === null) throw new Unreachable(`${address} answers ${answer.status}`);
    const hash = createHash("sha256");
    const hashing = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(answer.body, hashing, createWriteStream(file));
    return hash.digest("hex");
  });
}

/** Turns a fault of the network into {@link Unreachable}; a fault of the disk stays what it is. */
async function reaching<T>(address: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Unreachable || (error as NodeJS.ErrnoException).syscall === "write") throw error;
    const cause = (error as Error).cause ?? error;
    throw new Unreachable(`${address}: ${(cause as Error).message}`);
  }
}

function arrange(entries: readonly Entry[], unpacked: string, out: string, architecture: Architecture): string {
  mkdirSync(out);
  for (const { name, program, source } of entries) {
    if (source.release?.keepAll === true) {
      cpSync(unpacked, join(out, name), { recursive: true });
      continue;
    }
    const member = join(unpacked, fill(program.member ?? name, source, architecture));
    copyProgram(member, join(out, name));
    for (const companion of companionsOf(program, "release")) {
      copyProgram(join(dirname(member), companion.name), join(out, companion.name));
    }
  }
  return out;
}

function copyProgram(from: string, to: string): void {
  if (!existsSync(from)) throw new Unreachable(`its official archive lacks ${basename(from)}`);
  cpSync(from, to);
  chmodSync(to, 0o755);
}
