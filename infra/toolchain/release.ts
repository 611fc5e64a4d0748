import { chmodSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { unpack } from "./archive.ts";
import { type Architecture, companionsOf, type Entry, fill, type Release } from "./catalogue.ts";
import { parseChecksum, requireRemembered, requireSame } from "./checksum.ts";
import { type Downloaded, type Downloads, Unreachable } from "./download.ts";

/** Where and with what a release is unpacked. */
export interface ReleasePlace {
  /** An empty folder of this attempt. */
  readonly work: string;
  readonly cache: string;
  readonly architecture: Architecture;
  readonly downloads: Downloads;
}

/**
 * Fetches the official archive of the programs' source, compares it with its pinned checksum, or with the one its
 * publisher offers and the one it had when it was first fetched here, and unpacks it.
 *
 * @returns the folder that holds each program under its own name, companions beside them
 * @throws {Unreachable} when the archive or its checksum cannot be fetched, or lacks a file
 * @throws {ConfigError} when the archive is not the one described, or cannot be unpacked
 */
export async function fetchRelease(entries: readonly Entry[], release: Release, place: ReleasePlace): Promise<string> {
  const { work, architecture } = place;
  const source = entries[0]?.source;
  if (source === undefined) throw new Error("no program asked for");
  const address = fill(release.archive, source, architecture);
  const pinned = release.sha256?.[architecture];
  const list = fill(release.checksums, source, architecture);
  const unpacked = join(work, "unpacked");
  try {
    const archive = await (pinned === undefined
      ? fetchListed(address, list, place)
      : fetchPinned(address, pinned, place));
    unpackInto(unpacked, archive, release.strip);
  } finally {
    await place.downloads.done(address);
  }
  return arrange(entries, unpacked, join(work, "released"), architecture);
}

async function fetchPinned(address: string, pinned: string, { downloads }: ReleasePlace): Promise<Downloaded> {
  const archive = await downloads.archive(address);
  requireSame(archive, pinned, "versions.json");
  return archive;
}

async function fetchListed(address: string, list: string, { downloads, cache }: ReleasePlace): Promise<Downloaded> {
  const listed = parseChecksum(await downloads.text(list), basename(new URL(address).pathname));
  if (listed === undefined) throw new Unreachable(`no checksum is published for ${address}`);
  const archive = await downloads.archive(address);
  requireSame(archive, listed, "its publisher");
  requireRemembered(archive, cache);
  return archive;
}

function unpackInto(folder: string, archive: Downloaded, strip: number): void {
  try {
    unpack(archive.file, folder, strip);
  } catch (error) {
    throw isFull(error) ? noSpace(folder) : cannotUnpack(archive, error as Error);
  }
}

function isFull(error: unknown): boolean {
  return /no space left on device|wrote only \d+ of \d+ bytes|ENOSPC|disk quota exceeded/i.test(
    (error as Error).message,
  );
}

function noSpace(folder: string): Error {
  return Object.assign(new Error(`no space left to unpack in ${folder}`), { code: "ENOSPC" });
}

function cannotUnpack({ address }: Downloaded, { message }: Error): ConfigError {
  return new ConfigError([
    {
      path: address,
      expected: "an archive that can be unpacked",
      got: message,
      fix: "report it to whoever publishes the archive: its checksum is right, its content is not",
    },
  ]);
}

function arrange(entries: readonly Entry[], unpacked: string, out: string, architecture: Architecture): string {
  mkdirSync(out);
  for (const { name, program, source } of entries) {
    const member = join(unpacked, fill(program.member ?? name, source, architecture));
    if (source.release?.keepAll === true) {
      requireMember(member);
      renameSync(unpacked, join(out, name));
      continue;
    }
    moveProgram(member, join(out, name));
    for (const companion of companionsOf(program, "release")) {
      moveProgram(join(dirname(member), companion.name), join(out, companion.name));
    }
  }
  return out;
}

function moveProgram(from: string, to: string): void {
  requireMember(from);
  renameSync(from, to);
  chmodSync(to, 0o755);
}

function requireMember(path: string): void {
  if (!existsSync(path)) throw new Unreachable(`its official archive lacks ${basename(path)}`);
}
