import { toJson } from "../core/yaml.ts";
import { CONTAINER_PATHS, type HealthCheck, type Listener, tlsFiles, within, type Workload } from "./workload.ts";

const CLIENT_FILE = "health-client.yml";
const CLIENT_PATH = within(CONTAINER_PATHS.config, CLIENT_FILE);

/** How a container is asked for its health from inside, with a program of its own image. */
export interface HealthCommand {
  /** Ends with 0 when it is healthy. */
  readonly command: readonly string[];
  /** What the command reads, by path below the configuration. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Undefined for most: an image holds nothing but its one program, and no shell. The collector's, Tempo's, Loki's and
 * Jaeger's are asked from outside.
 */
export function planHealthCommand(workload: Workload): HealthCommand | undefined {
  const { health, ports, program } = workload;
  const listener = ports[health.port];
  const toCommand = COMMANDS[program];
  if (listener === undefined || toCommand === undefined) return undefined;
  const command = toCommand(`${schemeOf(listener, health)}://127.0.0.1:${listener.port}`, health.path);
  return { command, files: asksWithFile(command) ? { [CLIENT_FILE]: clientFile(workload) } : {} };
}

/** How a listener is asked for its health. */
export function schemeOf({ access }: Listener, { scheme }: HealthCheck): "http" | "https" {
  return scheme ?? (access === "plaintext" ? "http" : "https");
}

/** Whether it shows a certificate, which nobody but the workload itself has. */
export function asksWithFile(command: readonly string[]): boolean {
  return command.some((word) => word.endsWith(CLIENT_PATH));
}

type ToCommand = (origin: string, path: string) => readonly string[];

const COMMANDS: Readonly<Record<string, ToCommand>> = {
  prometheus: (origin) => ["promtool", "check", "ready", `--http.config.file=${CLIENT_PATH}`, `--url=${origin}`],
  alertmanager: (origin) => [
    "amtool",
    "cluster",
    "show",
    `--http.config.file=${CLIENT_PATH}`,
    `--alertmanager.url=${origin}`,
  ],
  node_exporter: (origin, path) => ["wget", "-q", "-O", "/dev/null", `${origin}${path}`],
  greptimedb: (origin, path) => ["curl", "-sSf", "-o", "/dev/null", `${origin}${path}`],
  // Its certificate is made for its name, and nobody stands between a container and itself.
  grafana: (origin, path) => ["curl", "-sSfk", "-o", "/dev/null", `${origin}${path}`],
  "dcgm-simulator": (origin, path) => [
    "node",
    "-e",
    `fetch("${origin}${path}").then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`,
  ],
};

/** The workload's own leaf is also a client certificate: it may ask itself. */
function clientFile({ name }: Workload): string {
  const { caFile, certFile, keyFile } = tlsFiles(CONTAINER_PATHS);
  // JSON is YAML.
  return toJson({ tls_config: { ca_file: caFile, cert_file: certFile, key_file: keyFile, server_name: name } });
}
