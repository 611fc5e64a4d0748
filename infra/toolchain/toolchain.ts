import { dirname } from "node:path";
import { ConfigError, throwIfAny } from "../../components/core/errors.ts";
import { toCacheError } from "./cache-folder.ts";
import { defaultCacheFolder, forget, type Found, locate } from "./cache.ts";
import {
  type Architecture,
  CATALOGUE,
  type Catalogue,
  type Entry,
  entriesOf,
  GO_FOLDER,
  thisArchitecture,
} from "./catalogue.ts";
import { leftOutReason, noteLeftOut } from "./memory.ts";
import { engineFolder } from "./engine-folder.ts";
import { type Context, folderOf } from "./obtain.ts";
import { releaseSite } from "./release-site.ts";
import { obtainMissing, type ObtainOptions } from "./schedule.ts";
import { findFalseLabels } from "./true-versions.ts";

/** What {@link ensureToolchain} found or obtained. */
export interface Toolchain {
  /** Program to absolute path. */
  readonly programs: ReadonlyMap<string, string>;
  /** Program to the reason why this machine cannot have it. */
  readonly unavailable: ReadonlyMap<string, string>;
}

export interface ToolchainOptions extends ObtainOptions {
  /** Gets one line of text at a time. @default prints to the error stream */
  readonly onProgress?: (line: string) => void;
  /** Compares the contents of every cached program with its checksum. @default false */
  readonly thorough?: boolean;
  /** @default `$XDG_CACHE_HOME/gpu-observability` */
  readonly cache?: string;
  /** @default `versions.json` */
  readonly catalogue?: Catalogue;
  /** @default `infra/toolchain/go` */
  readonly goFolder?: string;
  /** Environment of the programs that are started, and where proxies and a mirror are named. @default this process's own */
  readonly env?: NodeJS.ProcessEnv;
  /** Whose archives are fetched. @default this machine's */
  readonly architecture?: Architecture;
}

/**
 * Finds every program in the cache, or obtains it: the official archive with its published checksum
 * where the network allows, else a build with Go from pinned sources.
 *
 * @throws {ConfigError} when a version's label is not what a build would run, when Go is needed and missing or too old, when the cache folder cannot be
 *   used, when the archive of a program that could be built is not what its publisher says, or when a build fails
 */
export async function ensureToolchain(names: readonly string[], options: ToolchainOptions = {}): Promise<Toolchain> {
  const context = toContext(options);
  const entries = entriesOf(names, context.catalogue);
  const sources = new Map(entries.map(({ sourceName, source }) => [sourceName, source]));
  throwIfAny([...sources].flatMap(([name, source]) => findFalseLabels(name, source, context.goFolder)));
  const missing = entries.filter((entry) => !isUsable(entry, context, options));
  const unavailable = await obtainMissing(missing, context, options);
  for (const [name, reason] of unavailable) noteLeftOut(context.cache, name, reason);
  const programs = new Map<string, string>();
  for (const entry of entries) {
    const found = lookUp(entry, context);
    if (found.state === "present") programs.set(entry.name, found.path);
  }
  return { programs, unavailable };
}

/** Path of a program that is in the cache already; never obtains anything. */
export function findProgram(name: string, options: Pick<ToolchainOptions, "cache"> = {}): string | undefined {
  const [entry] = entriesOf([name], CATALOGUE);
  if (entry === undefined) return undefined;
  const found = locate(folderOf(entry, { cache: options.cache ?? defaultCacheFolder(), goFolder: GO_FOLDER }));
  return found.state === "present" ? found.path : undefined;
}

/** Whether a program that is in the cache was built on this machine from source. */
export function isBuilt(name: string): boolean {
  const [entry] = entriesOf([name], CATALOGUE);
  if (entry === undefined) return false;
  const found = locate(folderOf(entry, { cache: defaultCacheFolder(), goFolder: GO_FOLDER }));
  return found.state === "present" && found.manifest.obtained === "build";
}

/** Why a program that is not in the cache was left out when it was last looked for. */
export function reasonLeftOut(name: string): string | undefined {
  return leftOutReason(defaultCacheFolder(), name);
}

/**
 * Folders to put before PATH so that these programs and their companions are found by name. The engine and its language host
 * lie in one folder.
 */
export function toolchainPath(names: readonly string[] = ["pulumi", "pulumi-language-nodejs"]): string[] {
  const found = new Map(names.map((name) => [name, findProgram(name)] as const));
  const [engine, host] = [found.get("pulumi"), found.get("pulumi-language-nodejs")];
  const together = engine === undefined || host === undefined ? [] : [engineFolder(engine, host)];
  const apart = [...found.values()].filter((path) => path !== undefined && (together.length === 0 || !isEngine(path)));
  return [...new Set([...together, ...apart.map((path) => dirname(path ?? ""))])];

  function isEngine(path: string): boolean {
    return path === engine || path === host;
  }
}

function toContext(options: ToolchainOptions): Context {
  const env = options.env ?? process.env;
  const architecture = options.architecture ?? thisArchitecture();
  if (architecture === undefined) throw unsupportedMachine();
  return {
    cache: options.cache ?? defaultCacheFolder(env),
    catalogue: options.catalogue ?? CATALOGUE,
    goFolder: options.goFolder ?? GO_FOLDER,
    env,
    architecture,
    site: releaseSite(env),
    onProgress: options.onProgress ?? ((line) => void process.stderr.write(`${line}\n`)),
  };
}

function lookUp(entry: Entry, context: Context, { thorough = false }: ToolchainOptions = {}): Found {
  return locate(folderOf(entry, context), thorough);
}

function isUsable(entry: Entry, context: Context, options: ToolchainOptions): boolean {
  const found = lookUp(entry, context, options);
  if (found.state === "corrupt") {
    const label = `${entry.name} ${entry.source.version}`;
    context.onProgress(`${label}: ${found.path} is damaged (${found.why}); obtaining it again`);
    try {
      forget(folderOf(entry, context));
    } catch (error) {
      throw toCacheError(error, context.cache);
    }
  }
  return found.state === "present";
}

function unsupportedMachine(): ConfigError {
  return new ConfigError([
    {
      path: "this machine",
      expected: "Linux on x64 or arm64",
      got: `${process.platform} on ${process.arch}`,
      fix: "run it on a Linux machine or in a Linux virtual machine",
    },
  ]);
}
