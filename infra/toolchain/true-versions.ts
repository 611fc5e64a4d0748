import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../../components/core/errors.ts";
import { type Build, GO_FOLDER, type Source } from "./catalogue.ts";

/** Whence a program may be built, beside its official archive: the version of its Go module must be that of its label. */
type Labelled = Pick<Source, "version" | "build">;

/** How projects number their Go module: as their releases, or as Prometheus does, 3.15.0 as v0.315.0. */
const NUMBERINGS: readonly ((version: string) => string)[] = [
  (version) => `v${version}`,
  (version) =>
    version.replace(
      /^(\d+)\.(\d+)\.(.*)$/,
      (_, major, minor: string, rest) => `v0.${major}${minor.padStart(2, "0")}.${rest}`,
    ),
];

/**
 * The version of a project's Go module that belongs to another of its releases, numbered as the present one is.
 *
 * @returns undefined where the present one follows no rule: Tempo's is the date and hash of a commit
 */
export function moduleVersionOf({ version, build }: Labelled, wanted: string): string | undefined {
  return NUMBERINGS.find((number) => number(version) === build?.moduleVersion)?.(wanted);
}

/** The command that changes a version everywhere. */
export function upgradeCommand(name: string, version: string): string {
  return `npm run upgrade -- ${name} ${version}`;
}

/** Where a version is written that is not what a build would run; nothing for what is not built. */
export function findFalseLabels(name: string, source: Labelled, goFolder: string = GO_FOLDER): readonly Problem[] {
  const { version, build } = source;
  if (build === undefined) return [];
  const place = `infra/toolchain/versions.json: sources.${name}`;
  const fix = upgradeCommand(name, version);
  const { standsFor, moduleVersion } = build;
  const isLabelled =
    standsFor === version || (standsFor === undefined && moduleVersionOf(source, version) !== undefined);
  const label: Problem = {
    path: `${place}.build.moduleVersion`,
    expected: `the version of ${build.module} that is ${name} ${version}`,
    got: `${moduleVersion}${standsFor === undefined ? "" : `, which stands for ${standsFor}`}`,
    fix,
  };
  const required = requiredIn(join(goFolder, name, "go.mod"), build);
  const pin: Problem = {
    path: `${place}.build.moduleVersion`,
    expected: `${required}, as infra/toolchain/go/${name}/go.mod, which decides what a build runs`,
    got: moduleVersion,
    fix,
  };
  return [...(isLabelled ? [] : [label]), ...(required === undefined || required === moduleVersion ? [] : [pin])];
}

function requiredIn(file: string, { module }: Build): string | undefined {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const line = text.split("\n").find((one) =>
    one
      .replace(/^require\s/, "")
      .trim()
      .startsWith(`${module} `),
  );
  return line
    ?.replace(/^require\s/, "")
    .trim()
    .split(" ")[1];
}
