import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { hashOf } from "../../components/core/hash.ts";
import versions from "./versions.json" with { type: "json" };

/** Every program, its version and how it is obtained: the type of `versions.json`. */
export interface Catalogue {
  readonly go: {
    /** Oldest Go that builds every program: `1.26`. */
    readonly minimum: string;
  };
  readonly sources: Readonly<Record<string, Source>>;
  readonly programs: Readonly<Record<string, Program>>;
}

/** A project that programs come from. */
export interface Source {
  /** Version of the official release, without a leading `v`. */
  readonly version: string;
  /** Container image for the runtimes that run containers. */
  readonly image?: string;
  /** The program in its image, where the image's own entry point does more than start it. */
  readonly command?: readonly string[];
  readonly release?: Release;
  readonly build?: Build;
  /** Why there is neither a release nor a build. */
  readonly absent?: string;
}

/** An official archive; `{version}` and `{arch}` are filled in. */
export interface Release {
  readonly archive: string;
  /** The checksums its publisher offers: lines `sha256 name`, or a bare sha256. */
  readonly checksums: string;
  /**
   * SHA-256 of each archive, which then decides alone. @default what `checksums` says
   *
   * Source: the publisher's list, read by a person once; nothing here could reach it.
   */
  readonly sha256?: Readonly<Partial<Record<Architecture, string>>>;
  /** This project's names for Go's `amd64` and `arm64`. */
  readonly arch: Readonly<Record<Architecture, string>>;
  /** Leading folders to drop when unpacking. */
  readonly strip: number;
  /** The program needs the other files of its archive beside it. */
  readonly keepAll?: boolean;
  /** What it takes, packed and unpacked, in MiB. @default part of what every start needs */
  readonly spaceMiB?: number;
}

/** How Go builds it. */
export interface Build {
  /**
   * `module`: from a go.mod of ours, `go/<source>`, that requires it. `copy`: inside a writable copy
   * of its module, because only there its own go.sum and replace directives hold; `go/<source>/go.sum`
   * then pins the module itself and whatever the edits add.
   */
  readonly kind: "module" | "copy";
  readonly module: string;
  readonly moduleVersion: string;
  /** Version of the release that `moduleVersion` is. @default the numbers say it */
  readonly standsFor?: string;
  /** Arguments for `go mod edit` on the copy. */
  readonly edits?: readonly string[];
  readonly tags: readonly string[];
  readonly ldflags: string;
  /** Measured cold on 2 cores, in seconds. */
  readonly usualSeconds: number;
}

/** One executable. */
export interface Program {
  /** A key of `sources`. */
  readonly source: string;
  /** Go package of its `main`. */
  readonly package?: string;
  /** Its path in the unpacked archive. */
  readonly member?: string;
  /** Files that must lie beside it; in the archive they have the same names. */
  readonly companions?: readonly Companion[];
}

/** A file that a program needs beside it. */
export interface Companion {
  readonly name: string;
  /** Its path in the module that the program is built from. */
  readonly moduleFile: string;
  /** The released program holds it inside. @default false */
  readonly onlyBuilt?: boolean;
}

/** The files beside a program that was obtained in this way. */
export function companionsOf({ companions = [] }: Program, obtained: "release" | "build"): readonly Companion[] {
  return companions.filter(({ onlyBuilt = false }) => obtained === "build" || !onlyBuilt);
}

export type Architecture = "amd64" | "arm64";

// TypeScript reads the strings of JSON as `string`; the shape is checked by a test.
export const CATALOGUE = versions as unknown as Catalogue;

/** Folder of the committed go.mod and go.sum files. */
export const GO_FOLDER = join(import.meta.dirname, "go");

/** A program with everything known about it. */
export interface Entry {
  readonly name: string;
  readonly program: Program;
  readonly sourceName: string;
  readonly source: Source;
}

/** @throws {ConfigError} naming every program the catalogue does not hold */
export function entriesOf(names: readonly string[], catalogue: Catalogue): Entry[] {
  const unknown = names.filter((name) => catalogue.programs[name] === undefined);
  if (unknown.length > 0) {
    const known = Object.keys(catalogue.programs).join(", ");
    const path = "infra/toolchain/versions.json: programs";
    throw new ConfigError(
      unknown.map((name) => ({ path, expected: `one of ${known}`, got: name, fix: "correct the name, or add it" })),
    );
  }
  return [...new Set(names)].map((name) => entryOf(name, catalogue));
}

function entryOf(name: string, { programs, sources }: Catalogue): Entry {
  const program = programs[name];
  const source = program && sources[program.source];
  if (program === undefined || source === undefined) throw new Error(`versions.json: ${name} has no source`);
  return { name, program, sourceName: program.source, source };
}

/** Go's name for this machine's processor; undefined where no program of ours is published or tried. */
export function thisArchitecture(): Architecture | undefined {
  if (process.platform !== "linux") return undefined;
  return process.arch === "x64" ? "amd64" : process.arch === "arm64" ? "arm64" : undefined;
}

/** Fills the placeholders of an address or a path. */
export function fill(template: string, source: Source, architecture: Architecture): string {
  const arch = source.release?.arch[architecture] ?? architecture;
  return template.replaceAll("{version}", source.version).replaceAll("{arch}", arch);
}

/**
 * `<version>-<hash of the recipe>`: a changed recipe, go.sum or processor is another folder in the
 * cache, so an upgrade never meets an old program and two clones never fight over one folder.
 */
export function versionKey({ name, program, sourceName, source }: Entry, goFolder = GO_FOLDER): string {
  const { version, release, build } = source;
  const recipe = build && {
    ...build,
    usualSeconds: undefined,
    standsFor: undefined,
    files: goFilesDigest(join(goFolder, sourceName)),
  };
  return `${version}-${hashOf({ name, program, release, recipe, arch: process.arch })}`;
}

const digests = new Map<string, string>();

function goFilesDigest(folder: string): string {
  const known = digests.get(folder);
  if (known !== undefined) return known;
  const hash = createHash("sha256");
  if (existsSync(folder)) {
    for (const file of readdirSync(folder).sort()) hash.update(`${file}\0`).update(readFileSync(join(folder, file)));
  }
  const digest = hash.digest("hex");
  digests.set(folder, digest);
  return digest;
}
