import { posix } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import { PROGRAM_FOLDER } from "./names.ts";

/** Go's name of a host's processor. */
export type HostArchitecture = "amd64" | "arm64";

/** A program a host runs, and how it gets there. */
export interface HostProgram {
  readonly version: string;
  readonly builds: Readonly<Partial<Record<HostArchitecture, ProgramBuild>>>;
}

/** One build of a program. */
export type ProgramBuild =
  | {
      readonly kind: "archive";
      /** A `.tar.gz`, or the program itself where there is no `member`; https, http or file. */
      readonly url: string;
      readonly checksum: Checksum;
      /** Path of the program in the archive. */
      readonly member?: string;
    }
  /** Already on the host: part of its image, or carried there by somebody else. */
  | { readonly kind: "present"; readonly path: string; readonly sha256: string };

/** What an archive is compared with: a pinned digest, or the file of digests its publisher offers. */
export type Checksum = { readonly sha256: string } | { readonly listUrl: string };

/** An official release as `versions.json` describes it. */
export interface ReleasedProgram {
  readonly version: string;
  readonly release: {
    /** `{version}` and `{arch}` are filled in. */
    readonly archive: string;
    readonly checksums: string;
    readonly arch: Readonly<Record<HostArchitecture, string>>;
    readonly strip: number;
    /** Digest of each archive, by architecture; without one the publisher's list decides. */
    readonly sha256?: Readonly<Partial<Record<HostArchitecture, string>>>;
  };
  /** Path of the program in the unpacked archive, without its leading folders. */
  readonly member: string;
}

/**
 * The builds of an official release, from the publisher or from a mirror that keeps its files in one folder.
 *
 * A pinned digest decides alone. Without one the list beside the archive does, which must come over https (or from a
 * disk): whoever could change the archive on its way could change the list.
 *
 * @throws {ConfigError} when a list would come unprotected
 */
export function planHostProgram(program: ReleasedProgram, mirror?: string): HostProgram {
  const { version, release, member } = program;
  const build = (architecture: HostArchitecture): ProgramBuild => {
    const fill = (text: string) =>
      text.replaceAll("{version}", version).replaceAll("{arch}", release.arch[architecture]);
    const at = (url: string) => (mirror === undefined ? url : `${mirror.replace(/\/$/, "")}/${posix.basename(url)}`);
    const sha256 = release.sha256?.[architecture];
    const list = at(fill(release.checksums));
    if (sha256 === undefined && !/^(https|file):/.test(list)) throw new ConfigError([unprotected(list)]);
    return {
      kind: "archive",
      url: at(fill(release.archive)),
      checksum: sha256 === undefined ? { listUrl: list } : { sha256 },
      member: `${"*/".repeat(release.strip)}${fill(member)}`,
    };
  };
  return { version, builds: { amd64: build("amd64"), arm64: build("arm64") } };
}

function unprotected(list: string): Problem {
  return {
    path: list,
    expected: "a list of checksums over https, or a digest pinned beforehand",
    got: "neither",
    fix: "serve the mirror over https, or pin sha256 in infra/toolchain/versions.json",
  };
}

/** Folder name of a program on the host: another version or source is another folder, so both can be there. */
export function programKey(name: string, program: HostProgram): string {
  return `${name}-${program.version}-${hashOf(program).slice(0, 8)}`;
}

/** Where a fetched program is on the host. */
export function programPath(name: string, program: HostProgram): string {
  return `${PROGRAM_FOLDER}/${programKey(name, program)}/bin/${name}`;
}
