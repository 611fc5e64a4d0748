import { toJson } from "../../core/yaml.ts";
import { CONTAINER_PATHS, type Listener, tlsFiles, within, type Workload } from "../workload.ts";
import type { PlannedFile, PlannedHealthCheck } from "./container-plan.ts";

const CLIENT_FILE = within(CONTAINER_PATHS.config, "health-client.yml");

/** How a container is asked for its health from inside. */
export interface HealthPlan {
  /** Absent where the image holds no program to ask with. */
  readonly check?: PlannedHealthCheck;
  /** What the command reads. */
  readonly files: readonly PlannedFile[];
}

/**
 * A health check with a program of the image itself. Most images hold nothing but their one program, and no shell: the
 * collector's, Tempo's, Loki's and Jaeger's are asked from outside.
 */
export function planHealthCheck(workload: Workload): HealthPlan {
  const { health, ports, program } = workload;
  const listener = ports[health.port];
  const command = COMMANDS[program];
  if (listener === undefined || command === undefined) return { files: [] };
  const origin = `${schemeOf(listener)}://127.0.0.1:${listener.port}`;
  const check = { command: command(origin, health.path), deadlineSeconds: health.deadlineSeconds };
  const asksWithFile = check.command.some((word) => word.endsWith(CLIENT_FILE));
  return { check, files: asksWithFile ? [clientFile(workload)] : [] };
}

/** How a listener is asked for its health. */
export function schemeOf({ access }: Listener): "http" | "https" {
  return access === "plaintext" ? "http" : "https";
}

type ToCommand = (origin: string, path: string) => readonly string[];

const COMMANDS: Readonly<Record<string, ToCommand>> = {
  prometheus: (origin) => ["promtool", "check", "ready", `--http.config.file=${CLIENT_FILE}`, `--url=${origin}`],
  alertmanager: (origin) => [
    "amtool",
    "cluster",
    "show",
    `--http.config.file=${CLIENT_FILE}`,
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
function clientFile({ name }: Workload): PlannedFile {
  const { caFile, certFile, keyFile } = tlsFiles(CONTAINER_PATHS);
  const tls = { ca_file: caFile, cert_file: certFile, key_file: keyFile, server_name: name };
  // JSON is YAML.
  return { path: CLIENT_FILE, content: { text: toJson({ tls_config: tls }) } };
}
