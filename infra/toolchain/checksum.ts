import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { hashOf } from "../../components/core/hash.ts";

/** An archive that was fetched. */
export interface Fetched {
  /** Its publisher's address, also where a mirror served it. */
  readonly address: string;
  readonly sha256: string;
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

/** @throws {ConfigError} when an archive is not the one that `by` describes */
export function requireSame({ address, sha256 }: Fetched, wanted: string, by: string): void {
  if (sha256 === wanted) return;
  throw new ConfigError([
    {
      path: address,
      expected: `SHA-256 ${wanted}, as ${by} says`,
      got: `SHA-256 ${sha256}`,
      fix: "run the command again; if it repeats, something between here and the publisher changes the file",
    },
  ]);
}

/**
 * Compares an archive that nobody pinned with the first one this machine fetched from that address, and remembers it
 * where it is the first: a list beside a changed archive can be changed with it.
 *
 * @throws {ConfigError} when the archive is another one than before
 */
export function requireRemembered({ address, sha256 }: Fetched, cache: string): void {
  const file = join(cache, "fetched", hashOf(address));
  const [known, since] = readNote(file);
  if (known === sha256) return;
  if (known === undefined) {
    mkdirSync(join(cache, "fetched"), { recursive: true });
    writeFileSync(file, `${sha256}  ${new Date().toISOString()}  ${address}\n`);
    return;
  }
  throw new ConfigError([
    {
      path: address,
      expected: `SHA-256 ${known}, as when this machine first fetched it (${since})`,
      got: `SHA-256 ${sha256}, which the publisher's list names now`,
      fix: `find out why a released file changed under its name; to accept the new one: rm ${file}`,
    },
  ]);
}

function readNote(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").trim().split(/\s+/);
  } catch {
    return [];
  }
}
