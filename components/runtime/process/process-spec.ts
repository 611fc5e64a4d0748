import { posix } from "node:path";
import { ConfigError, type Problem } from "../../core/errors.ts";
import { hashOf } from "../../core/hash.ts";
import { schemeOf } from "../health-command.ts";
import { programEnvironment } from "../program-environment.ts";
import type { Listener, Workload } from "../workload.ts";
import { PROCESS_PATHS, within } from "../workload.ts";

/** One listening port with its name. */
export interface NamedListener extends Listener {
  readonly name: string;
}

/** One process, fully described but for its secrets: plain data, so a preview shows all of it. */
export interface ProcessPlan {
  readonly name: string;
  /** `<stateFolder>/workloads/<name>`: its working folder. */
  readonly folder: string;
  /** Program and leading arguments, with paths of this machine. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Path below the folder to content. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders below the folder, made before start and kept. */
  readonly dataFolders: readonly string[];
  readonly listeners: readonly NamedListener[];
  readonly health: HealthTarget;
  /** Largest size of its log in MiB. */
  readonly logCapMiB: number;
  /** Digest of everything that needs a restart when it changes, but for secrets. */
  readonly planHash: string;
}

export interface HealthTarget {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly deadlineSeconds: number;
}

/** A plan with its secret files: what the process manager starts. */
export interface ProcessSpec extends ProcessPlan {
  /** TLS and secret files: path below the folder to content. */
  readonly secretFiles: Readonly<Record<string, string>>;
  /** Digest of the secret files. */
  readonly secretHash: string;
}

export interface ProcessPlanOptions {
  readonly stateFolder: string;
  readonly command: readonly string[];
  /** What the command's files hold now, see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly logCapMiB: number;
}

/** Decides folder, files, environment and hash of the process of a workload. */
export function planProcess(workload: Workload, options: ProcessPlanOptions): ProcessPlan {
  const { stateFolder, command, fingerprint, logCapMiB } = options;
  validateFileNames(workload);
  const files = mapKeys(workload.files, (path) => within(PROCESS_PATHS.config, path));
  const dataFolders = workload.volumes.map(({ name }) => within(PROCESS_PATHS.data, name));
  const env = programEnvironment(workload);
  const folder = posix.join(stateFolder, "workloads", workload.name);
  return {
    name: workload.name,
    folder,
    command,
    ...atHome(workload, { args: workload.args, env }, folder, command),
    files,
    dataFolders,
    listeners: toListeners(workload),
    health: healthTargetOf(workload),
    logCapMiB,
    // Paths of this machine are left out: the same program in another folder is the same program.
    planHash: hashOf({ fingerprint, args: workload.args, env, files, dataFolders }),
  };
}

/** Arguments and environment of a program that resolves paths against its own folder instead of its working folder. */
function atHome(
  { home }: Workload,
  { args, env }: Pick<ProcessPlan, "args" | "env">,
  folder: string,
  [program = ""]: readonly string[],
): Pick<ProcessPlan, "args" | "env"> {
  if (home === undefined) return { args, env };
  const own = posix.join(program, ...home.program.split("/").map(() => ".."));
  const absolute = Object.fromEntries(home.paths.map((name) => [name, posix.join(folder, env[name] ?? ".")]));
  return { args: [...args, `${home.argument}=${own}`], env: { ...env, ...absolute } };
}

/** Where the TLS files of a process lie. */
export const TLS_FILES = {
  cert: within(PROCESS_PATHS.tls, "cert.pem"),
  key: within(PROCESS_PATHS.tls, "key.pem"),
  ca: within(PROCESS_PATHS.tls, "ca.pem"),
} as const;

/** Every port of a workload with its name. */
export function toListeners({ ports }: Pick<Workload, "ports">): readonly NamedListener[] {
  return Object.entries(ports).map(([name, listener]) => ({ name, ...listener }));
}

/** What is asked whether a workload is healthy. */
export function healthTargetOf({ name, health, ports }: Workload): HealthTarget {
  const listener = ports[health.port];
  if (listener === undefined) {
    throw new ConfigError([
      {
        path: `workload ${name}: health.port`,
        expected: `one of its ports: ${Object.keys(ports).join(", ")}`,
        got: health.port,
        fix: "name a port the workload listens on",
      },
    ]);
  }
  return {
    scheme: schemeOf(listener, health),
    host: dialable(listener.host),
    port: listener.port,
    path: health.path,
    deadlineSeconds: health.deadlineSeconds,
  };
}

function dialable(host: string): string {
  return host === "0.0.0.0" || host === "::" || host === "" ? "127.0.0.1" : host;
}

const RESERVED = ["tls", "secrets", "data", "stdout.log", "process.json"];

function validateFileNames(workload: Workload): void {
  const paths = [...Object.keys(workload.files), ...Object.keys(workload.secretFiles)];
  const escaping = paths.filter((path) => posix.isAbsolute(path) || posix.normalize(path).startsWith(".."));
  const clashing = Object.keys(workload.files).filter((path) =>
    RESERVED.includes(posix.normalize(path).split("/")[0]!),
  );
  const problems = [...escaping, ...clashing].map((path): Problem => ({
    path: `workload ${workload.name}: files`,
    expected: `a path below its folder, outside ${RESERVED.join(", ")}`,
    got: path,
    fix: "choose another name for the file",
  }));
  if (problems.length > 0) throw new ConfigError(problems);
}

function mapKeys<T>(record: Readonly<Record<string, T>>, rename: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [rename(key), value]));
}
