import { posix } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.ts";
import { CONTAINER_PATHS, tlsFiles, within, type Workload } from "../workload.ts";
import type { PlannedFile } from "./container-plan.ts";

/** Every file of a workload: configuration, secrets, certificate. */
export function planFiles(workload: Workload): readonly PlannedFile[] {
  validatePaths(workload);
  const { certFile, keyFile, caFile } = tlsFiles(CONTAINER_PATHS);
  const texts = Object.entries(workload.files).map(([path, text]) => ({
    path: within(CONTAINER_PATHS.config, path),
    content: { text },
  }));
  const secrets = Object.entries(workload.secretFiles).map(([path, secret]) => ({
    path: within(CONTAINER_PATHS.secrets, path),
    content: { secret },
  }));
  if (workload.certificate === undefined) return [...texts, ...secrets];
  return [
    ...texts,
    ...secrets,
    { path: certFile, content: { certificate: "cert" } },
    { path: keyFile, content: { certificate: "key" } },
    { path: caFile, content: { certificate: "ca" } },
  ];
}

/** Whether only the container's own user may read it. */
export function isSecret({ content }: PlannedFile): boolean {
  return "secret" in content || ("certificate" in content && content.certificate === "key");
}

function validatePaths({ name, files, secretFiles }: Workload): void {
  const escaping = [...Object.keys(files), ...Object.keys(secretFiles)].filter(
    (path) => posix.isAbsolute(path) || posix.normalize(path).startsWith(".."),
  );
  const problems = [
    ...escaping.map((path) => wrongFile(name, path, "a path below the configuration folder")),
    // The provider refuses to upload nothing.
    ...Object.entries(files)
      .filter(([, text]) => text === "")
      .map(([path]) => wrongFile(name, `${path}, which is empty`, "a file with content")),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
}

function wrongFile(name: string, got: string, expected: string): Problem {
  return { path: `workload ${name}: files`, expected, got, fix: "rename the file, fill it or leave it out" };
}
