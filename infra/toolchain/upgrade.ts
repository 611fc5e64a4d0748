import { ConfigError } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import type { Build, Catalogue, Source } from "./catalogue.ts";
import { moduleVersionOf } from "./true-versions.ts";

/** Another version of a project, in every place that says one. */
export interface Upgrade {
  /** The new text of `versions.json`. */
  readonly text: string;
  /** Module and version that go.mod has to require. @default it is not built */
  readonly required?: string;
  /** Whether go.mod lists all that the program is made of: a program built in a copy of its module has that module's own. */
  readonly isTidied: boolean;
  /** What a person has to do besides. */
  readonly notes: readonly string[];
}

/** What is asked for. */
export interface UpgradeRequest {
  /** A key of `sources`. */
  readonly name: string;
  readonly version: string;
  /** Version of its Go module, where that follows from no rule. */
  readonly moduleVersion?: string | undefined;
}

/** The collector is made of many modules. */
const MADE_BY_BUILDER = "otelcol";

/**
 * Plans the change of a version: its number, its image, its Go module, its place in addresses and linker flags. Digests
 * that are pinned hold for the old archive alone and go.
 *
 * @param text - `versions.json` as it stands
 * @throws {ConfigError} on a name or a version that cannot be, or a Go module whose number follows from no rule
 */
export function planUpgrade(text: string, request: UpgradeRequest): Upgrade {
  const { name, version } = request;
  const source = sourceOf(JSON.parse(text) as Catalogue, name);
  validate(request);
  const { build } = source;
  const moduleVersion = build && moduleVersionFor(source, build, request);
  const [start, end] = rangeOf(text, name);
  let block = text.slice(start, end);
  if (build !== undefined && moduleVersion !== undefined) block = swap(block, build.moduleVersion, moduleVersion);
  block = swap(block, source.version, version);
  const [major = "", minor = ""] = version.split(".");
  block = block.replace(/(gitMajor=)\d+/, `$1${major}`).replace(/(gitMinor=)\d+/, `$1${minor}`);
  const isPinned = source.release?.sha256 !== undefined;
  if (isPinned) block = block.replace(/\n\s*"sha256": \{[^}]*\},/, "");
  return {
    text: text.slice(0, start) + block + text.slice(end),
    ...(build === undefined ? {} : { required: `${build.module}@${moduleVersion}` }),
    isTidied: build?.kind === "module",
    notes: isPinned ? [pinNote(name)] : [],
  };
}

function pinNote(name: string): string {
  return `the SHA-256 of ${name}'s archive held for the old one and is gone. Correct release.archive, if its address holds a build's number, and pin the new archive with the line of the publisher's list: "sha256": { "amd64": "…" } below release.checksums in infra/toolchain/versions.json`;
}

function sourceOf({ sources }: Catalogue, name: string): Source {
  const source = sources[name];
  if (source !== undefined && name !== MADE_BY_BUILDER) return source;
  const known = Object.keys(sources).filter((one) => one !== MADE_BY_BUILDER);
  const byHand =
    "change the versions in infra/toolchain/go/otelcol/manifest.yaml and versions.json, then run node infra/toolchain/generate-collector.ts";
  throw new ConfigError([
    {
      path: "program",
      expected: `one of ${known.join(", ")}`,
      got: `"${name}"`,
      fix: name === MADE_BY_BUILDER ? byHand : `${didYouMean(name, known)}name one of them`,
    },
  ]);
}

function validate({ name, version }: UpgradeRequest): void {
  if (/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) return;
  const fix = `npm run upgrade -- ${name} ${version.replace(/^v/, "") || "1.2.3"}`;
  throw new ConfigError([
    { path: "version", expected: "a version without a v, such as 3.16.0", got: `"${version}"`, fix },
  ]);
}

function moduleVersionFor(source: Source, { module, moduleVersion }: Build, request: UpgradeRequest): string {
  const found = request.moduleVersion ?? moduleVersionOf(source, request.version);
  if (found !== undefined) return found;
  const { name, version } = request;
  throw new ConfigError([
    {
      path: `infra/toolchain/versions.json: sources.${name}.build.moduleVersion`,
      expected: `the version of the Go module ${module} that is ${name} ${version}`,
      got: `a number that follows from no rule: ${source.version} is ${moduleVersion}`,
      fix: `find it: go list -m ${module}@<commit of the tag v${version}>; then npm run upgrade -- ${name} ${version} --module <version>`,
    },
  ]);
}

/** Where the entry of a source begins and ends, in the form prettier gives the file. */
function rangeOf(text: string, name: string): readonly [number, number] {
  const start = text.indexOf(`\n    "${name}": {`, text.indexOf('"sources"'));
  return [start, text.indexOf("\n    }", start + 1)];
}

/** A version in the place of another, where that is not part of a longer one. */
function swap(text: string, from: string, to: string): string {
  const literal = from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`(?<![\\d.])${literal}(?![\\w-]|\\.\\d)`, "g"), to);
}
