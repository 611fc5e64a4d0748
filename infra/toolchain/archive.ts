import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";

/** Unpacks a `.tar.gz` or `.zip` into a new folder, dropping leading folders as `strip` says. */
export function unpack(archive: string, folder: string, strip: number): void {
  mkdirSync(folder, { recursive: true });
  if (archive.endsWith(".zip")) unzip(archive, folder);
  else untar(archive, folder, strip);
}

function untar(archive: string, folder: string, strip: number): void {
  const args = ["-xzf", archive, "-C", folder, "--no-same-owner", `--strip-components=${strip}`];
  const { status, stderr, error } = spawnSync("tar", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${basename(archive)} cannot be unpacked: ${error?.message ?? stderr.trim()}`);
}

const END_OF_DIRECTORY = 0x06054b50;
const END_SIZE = 22;
const DEFLATED = 8;

/** Enough of the format for the archives published here; `unzip` is on few machines. */
function unzip(archive: string, folder: string): void {
  const bytes = readFileSync(archive);
  let end = bytes.length - END_SIZE;
  while (end >= 0 && bytes.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error(`${basename(archive)} cannot be unpacked: not a zip file`);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    if (!name.endsWith("/")) writeMember(bytes, at, join(folder, safeName(name, archive)));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function writeMember(bytes: Buffer, entry: number, file: string): void {
  const method = bytes.readUInt16LE(entry + 10);
  const packed = bytes.readUInt32LE(entry + 20);
  const header = bytes.readUInt32LE(entry + 42);
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const content = bytes.subarray(start, start + packed);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, method === DEFLATED ? inflateRawSync(content) : content);
}

function safeName(name: string, archive: string): string {
  if (name.startsWith("/") || name.split("/").includes("..")) {
    throw new Error(`${basename(archive)} holds a path that leaves its folder: ${name}`);
  }
  return name;
}
