import { createHash } from "node:crypto";
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makeFolder } from "./cache-folder.ts";

const MANIFEST = "manifest.json";
const MIB = 1024 * 1024;

/** What was put into a program's folder. Written last, so a folder with one is complete. */
export interface Manifest {
  readonly program: string;
  readonly version: string;
  readonly obtained: "release" | "build";
  /** The program first. */
  readonly files: readonly ManifestFile[];
}

interface ManifestFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** What the cache holds of a program. */
export type Found =
  | { readonly state: "present"; readonly path: string; readonly manifest: Manifest }
  | { readonly state: "missing" }
  | { readonly state: "corrupt"; readonly path: string; readonly why: string };

/** Shared by all clones of one user: `$XDG_CACHE_HOME/gpu-observability`. */
export function defaultCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "gpu-observability");
}

/** Folder of one version of a program. */
export function programFolder(cache: string, name: string, key: string): string {
  return join(cache, "programs", name, key);
}

/**
 * Looks a program up. Sizes and times are compared always; contents when those differ, or `thorough`.
 */
export function locate(folder: string, thorough = false): Found {
  const manifest = readManifest(folder);
  if (manifest === undefined) return { state: "missing" };
  const path = join(folder, manifest.files[0]?.path ?? "");
  for (const file of manifest.files) {
    const why = faultOf(join(folder, file.path), file, thorough);
    if (why !== undefined) return { state: "corrupt", path: join(folder, file.path), why };
  }
  return { state: "present", path, manifest };
}

/** Makes a damaged program count as missing. */
export function forget(folder: string): void {
  rmSync(join(folder, MANIFEST), { force: true });
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, MANIFEST), "utf8")) as Manifest;
    return Array.isArray(manifest.files) && manifest.files.length > 0 ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(path: string, file: ManifestFile, thorough: boolean): string | undefined {
  let stat;
  try {
    stat = statSync(path);
    accessSync(path, constants.X_OK);
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code}`;
  }
  if (stat.size !== file.size) return `${stat.size} bytes instead of ${file.size}`;
  if (!thorough && stat.mtimeMs === file.mtimeMs) return undefined;
  return sha256Of(path) === file.sha256 ? undefined : "its SHA-256 is not the one recorded when it was obtained";
}

/** SHA-256 of a file, in hexadecimal. */
export function sha256Of(path: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(4 * MIB);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/**
 * An empty folder to obtain a source in, on the cache's own file system so that the result can be
 * renamed into place. Left-overs of an interrupted attempt are removed: the caller holds the lock.
 */
export function makeWorkFolder(cache: string, source: string): string {
  const work = join(cache, "work");
  makeFolder(work);
  for (const old of readdirSync(work)) {
    if (old.startsWith(`${source}.`)) rmSync(join(work, old), { recursive: true, force: true });
  }
  return mkdtempSync(join(work, `${source}.`));
}

/** Moves a finished folder into the cache: files to disk, then the manifest, then one rename. */
export function install(
  staged: string,
  target: string,
  contents: Omit<Manifest, "files">,
  paths: readonly string[],
): void {
  const files = paths.map((path) => describe(staged, path));
  const manifest: Manifest = { ...contents, files };
  writeFileSync(join(staged, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  flush(join(staged, MANIFEST));
  makeFolder(dirname(target));
  if (existsSync(target)) renameSync(target, `${staged}.replaced`);
  renameSync(staged, target);
}

function describe(folder: string, path: string): ManifestFile {
  const file = join(folder, path);
  flush(file);
  const { size, mtimeMs } = statSync(file);
  return { path, size, mtimeMs, sha256: sha256Of(file) };
}

// Without it a power cut could leave a file of the right size full of zeros.
function flush(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
