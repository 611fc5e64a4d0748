import { posix } from "node:path";
import { ConfigError } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import type { PlannedService } from "./host-part.ts";
import { type HostProgram, type ProgramBuild, programKey } from "./host-program.ts";
import { CONFIG_FOLDER } from "./names.ts";
import { secretPaths } from "./secrets.ts";

/** A file of the host outside of the platform's own folders. */
export interface SystemFile {
  /** Path in the bundle. */
  readonly source: string;
  readonly destination: string;
  /** `rsyslog`: only where rsyslog is. */
  readonly when: "always" | "rsyslog";
  /** Unit that reads it at its start, restarted when it changed. */
  readonly restarts?: string;
}

const NOTHING = "-";

/**
 * The plan `apply` follows: one line an item, words split by spaces, so a POSIX shell reads it. A unit's fingerprint
 * covers everything whose change needs a restart. The name of the host stands in front, for a removal to know it by.
 *
 * @throws {ConfigError} when a word holds a space
 */
export function renderPlan(
  host: string,
  services: readonly PlannedService[],
  programs: Readonly<Record<string, HostProgram>>,
  systemFiles: readonly SystemFile[],
): string {
  const used = services.flatMap(({ program }) => (program === undefined ? [] : [program]));
  const lines = [
    ["host", host],
    ...services.flatMap((service) => renderServiceLines(service)),
    ...used.flatMap((name) => renderProgramLines(name, programs)),
    ...services.flatMap(renderChecks),
    ...services.flatMap((service) => renderValidation(service, programs)),
    ...systemFiles.map(({ source, destination, when, restarts }) => [
      "system",
      source,
      destination,
      when,
      restarts ?? NOTHING,
    ]),
  ];
  return lines.map(toLine).join("");
}

function renderServiceLines({ unit, user, workload, text, ...rest }: PlannedService): string[][] {
  if (text === undefined) return [];
  const fingerprint = hashOf({ text, files: workload.files });
  return [
    ["user", user],
    ["unit", unit, fingerprint, user, workload.name, rest.onlyWithoutRsyslog ? "no-rsyslog" : "always"],
    ...(rest.package === undefined
      ? []
      : [["package", rest.package.name, rest.package.program, rest.package.version ?? "newest"]]),
    ...(rest.image === undefined ? [] : [["image", rest.image.engine, rest.image.name]]),
    ...Object.keys(workload.files).map((path) => ["config", `${workload.name}/${path}`]),
    ...secretPaths(workload).map((path) => ["secret", `${workload.name}/${path}`, user, unit]),
  ];
}

function renderChecks({ unit, workload, healthUrl, probes, canaryUrl }: PlannedService): string[][] {
  const seconds = String(workload.health.deadlineSeconds);
  return [
    ...(healthUrl === "" ? [] : [["health", unit, seconds, healthUrl]]),
    ...probes.map((url) => ["health", unit, seconds, url]),
    ...(canaryUrl === undefined ? [] : [["canary", unit, canaryUrl]]),
  ];
}

function renderProgramLines(name: string, programs: Readonly<Record<string, HostProgram>>): string[][] {
  const program = programs[name];
  if (program === undefined) return [];
  return Object.entries(program.builds).map(([architecture, build]) => [
    "program",
    programKey(name, program),
    name,
    architecture,
    ...renderBuild(build),
  ]);
}

function renderBuild(build: ProgramBuild): string[] {
  if (build.kind === "present") return ["present", build.path, build.sha256, NOTHING, NOTHING];
  const { url, checksum, member = NOTHING } = build;
  return "sha256" in checksum
    ? ["archive", url, checksum.sha256, NOTHING, member]
    : ["archive", url, NOTHING, checksum.listUrl, member];
}

/** A collector judges its configuration before it is switched to. `@` stands for the folder of the new version. */
function renderValidation(
  { program: name, workload }: PlannedService,
  programs: Readonly<Record<string, HostProgram>>,
): string[][] {
  const program = name === undefined ? undefined : programs[name];
  if (name !== "otelcol" || program === undefined) return [];
  const own = `${CONFIG_FOLDER}/${workload.name}/`;
  const args = workload.args.map((arg) => arg.replaceAll(own, `@/config/${workload.name}/`));
  return [["validate", workload.name, posix.join(programKey(name, program), "bin", name), "validate", ...args]];
}

function toLine(words: readonly string[]): string {
  const bad = words.find((word) => word === "" || /\s/.test(word));
  if (bad !== undefined) {
    throw new ConfigError([
      {
        path: `plan of a host: ${words[0]} ${words[1]}`,
        expected: "words without spaces",
        got: JSON.stringify(bad),
        fix: "rename the file, or change the argument",
      },
    ]);
  }
  return `${words.join(" ")}\n`;
}
