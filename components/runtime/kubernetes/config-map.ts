import { ConfigError } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import { metadataOf, type Scope } from "./scope.ts";
import type { ConfigMap } from "./types.ts";

/** The API server takes 1 MiB of one object. */
const LARGEST_BYTES = 900 * 1024;

type Files = Readonly<Record<string, string>>;

/** The files of a workload: one ConfigMap, or several where one would be too large. */
export function renderConfigMaps(scope: Scope) {
  return planConfigMaps(scope.workload).map(
    ({ name, files }) =>
      ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadataOf(scope, name),
        immutable: true,
        data: Object.fromEntries(Object.entries(files).map(([path, content]) => [keyOf(path), content])),
      }) satisfies ConfigMap,
  );
}

/** A ConfigMap to be. Its name says its content, so pods of two versions each read their own. */
export interface PlannedConfigMap {
  readonly name: string;
  readonly files: Files;
}

/** @throws {ConfigError} when two paths would be one key, or one file is too large for any ConfigMap */
export function planConfigMaps({
  name,
  files,
}: {
  readonly name: string;
  readonly files: Files;
}): readonly PlannedConfigMap[] {
  rejectUnfit(name, files);
  return toParts(files).map((part) => ({ name: `${name}-${hashOf(part)}`, files: part }));
}

/** Keys hold no slash; the pod puts each file where its path says. */
export function keyOf(path: string): string {
  return path.replaceAll("/", "__");
}

function toParts(files: Files): readonly Files[] {
  const parts: { size: number; files: Record<string, string> }[] = [];
  for (const path of Object.keys(files).toSorted()) {
    const content = files[path] ?? "";
    const size = sizeOf(path, content);
    const last = parts.at(-1);
    if (last === undefined || last.size + size > LARGEST_BYTES) parts.push({ size, files: { [path]: content } });
    else {
      last.size += size;
      last.files[path] = content;
    }
  }
  return parts.map((part) => part.files);
}

function rejectUnfit(name: string, files: Files): void {
  const paths = Object.keys(files);
  const problems = [
    ...paths
      .filter((path) => !/^[-._a-zA-Z0-9]{1,253}$/.test(keyOf(path)) || path.startsWith(".."))
      .map((path) => problem(name, path, "a path of letters, digits and -._/", "rename the file")),
    ...paths
      .filter((path, index) => paths.findIndex((other) => keyOf(other) === keyOf(path)) < index)
      .map((path) => problem(name, path, "a path that differs from others by more than / and __", "rename the file")),
    ...Object.entries(files)
      .filter(([path, content]) => sizeOf(path, content) > LARGEST_BYTES)
      .map(([path]) => problem(name, path, `at most ${LARGEST_BYTES} bytes`, "make two files of it")),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function problem(workload: string, path: string, expected: string, fix: string) {
  return { path: `workload ${workload}: files`, expected, got: path, fix };
}

function sizeOf(path: string, content: string): number {
  return Buffer.byteLength(content) + keyOf(path).length;
}
