import { appendFileSync, chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../../components/core/errors.ts";
import { type Build, companionsOf, type Entry } from "./catalogue.ts";
import { go, GoError, type GoRun } from "./go.ts";

/** Where and with what a source is built. */
export interface BuildPlace {
  /** An empty folder of this attempt. */
  readonly work: string;
  /** Folder of the committed go.mod and go.sum files, one per source. */
  readonly goFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: string;
}

/**
 * Builds the programs of one source in one go, so that they share what they have in common.
 *
 * @returns the folder that holds each program under its own name, companions beside them
 * @throws {ConfigError} when Go cannot build them; the text holds the end of what it printed
 */
export async function buildWithGo(entries: readonly Entry[], build: Build, place: BuildPlace): Promise<string> {
  const sourceName = entries[0]?.sourceName ?? "";
  try {
    const folder =
      build.kind === "copy" ? await copyModule(sourceName, build, place) : join(place.goFolder, sourceName);
    return await compile(folder, entries, build, place);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw toBuildError(sourceName, error, place);
  }
}

async function compile(folder: string, entries: readonly Entry[], build: Build, place: BuildPlace): Promise<string> {
  const out = join(place.work, "built");
  mkdirSync(out);
  const run: GoRun = { cwd: folder, env: place.env, log: place.log };
  const packages = entries.map(({ program }) => program.package ?? ".");
  const tags = build.tags.length > 0 ? ["-tags", build.tags.join(",")] : [];
  // readonly: nothing that go.mod and go.sum do not pin is ever resolved.
  await go(["build", "-mod=readonly", ...tags, "-ldflags", build.ldflags, "-o", `${out}/`, ...packages], run);
  const companions = entries.flatMap(({ program }) => companionsOf(program, "build"));
  if (companions.length > 0) {
    const module = (await go(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", build.module], run)).trim();
    for (const { name, moduleFile } of companions) {
      copyFileSync(join(module, moduleFile), join(out, name));
      chmodSync(join(out, name), 0o755);
    }
  }
  return out;
}

/** A copy of the module that Go may write to, with its own go.mod and go.sum, edited as the recipe says. */
async function copyModule(sourceName: string, build: Build, { work, goFolder, env, log }: BuildPlace): Promise<string> {
  const pins = join(goFolder, sourceName);
  const request = join(work, "request");
  mkdirSync(request);
  for (const file of ["go.mod", "go.sum"]) copyFileSync(join(pins, file), join(request, file));
  const wanted = `${build.module}@${build.moduleVersion}`;
  const answer = await go(["mod", "download", "-json", wanted], { cwd: request, env, log });
  const { Dir, Sum, GoModSum } = JSON.parse(answer) as { Dir: string; Sum: string; GoModSum: string };
  const sums = readFileSync(join(pins, "go.sum"), "utf8");
  requirePinned(sums, `${build.module} ${build.moduleVersion}`, Sum);
  requirePinned(sums, `${build.module} ${build.moduleVersion}/go.mod`, GoModSum);
  const copy = join(work, "module");
  copyWritable(Dir, copy);
  if (build.edits !== undefined) await go(["mod", "edit", ...build.edits], { cwd: copy, env, log });
  appendFileSync(join(copy, "go.sum"), sums);
  return copy;
}

// Go itself refuses a sum that differs; this also refuses one that is not pinned at all.
function requirePinned(sums: string, subject: string, got: string): void {
  if (sums.split("\n").includes(`${subject} ${got}`)) return;
  throw new ConfigError([
    {
      path: `infra/toolchain/go: ${subject}`,
      expected: "a module whose hash is pinned in go.sum",
      got: got || "no hash",
      fix: "do not use this module; find out why its proxy serves something else",
    },
  ]);
}

// The module cache is read-only, folders included; a plain recursive copy would be as well.
function copyWritable(from: string, to: string): void {
  mkdirSync(to);
  for (const item of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, item.name);
    const target = join(to, item.name);
    if (item.isDirectory()) {
      copyWritable(source, target);
    } else {
      copyFileSync(source, target);
      chmodSync(target, 0o644);
    }
  }
}

function toBuildError(sourceName: string, error: GoError, { log }: BuildPlace): ConfigError {
  const indented = error.output.replaceAll("\n", "\n              ");
  const full = /no space left on device|disk quota exceeded/.test(error.output);
  return new ConfigError([
    {
      path: `${sourceName}, built with Go`,
      expected: full ? "space for Go's build cache and module cache (about 20 GiB when cold)" : "a build that succeeds",
      got: indented,
      fix: full
        ? "free some space, or put the caches elsewhere: GOCACHE=<folder> GOMODCACHE=<folder> npm start"
        : `see ${log}; if modules could not be downloaded, check GOPROXY; then run the command again: what is built is kept`,
    },
  ]);
}
