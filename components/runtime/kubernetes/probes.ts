import { ConfigError } from "../../core/errors.ts";
import { asksWithFile, type HealthCommand, planHealthCommand, schemeOf } from "../health-command.ts";
import type { Workload } from "../workload.ts";
import type { Container, Probe } from "./types.ts";

const START_PERIOD_SECONDS = 2;

type Check = Pick<Probe, "httpGet" | "tcpSocket" | "exec">;

/**
 * Startup as long as the workload's own deadline; then ready within seconds, restarted after two minutes. Only being ready
 * is asked by command: a Prometheus that reads its write-ahead log for minutes is not ready, and must not be restarted.
 */
export function renderProbes(workload: Workload): Pick<Container, "startupProbe" | "readinessProbe" | "livenessProbe"> {
  const check = renderCheck(workload);
  const { deadlineSeconds } = workload.health;
  return {
    startupProbe: {
      ...check,
      periodSeconds: START_PERIOD_SECONDS,
      timeoutSeconds: 3,
      failureThreshold: Math.ceil(deadlineSeconds / START_PERIOD_SECONDS),
    },
    readinessProbe: {
      ...(healthCommandOf(workload)?.check ?? check),
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 3,
    },
    livenessProbe: { ...check, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** Whether kubelet can only see that the port is open. */
export function isOpaque(workload: Workload): boolean {
  return "tcpSocket" in renderCheck(workload) && healthCommandOf(workload) === undefined;
}

/** The workload with what its own readiness is asked with. */
export function withHealthFiles(workload: Workload): Workload {
  const { files = {} } = healthCommandOf(workload) ?? {};
  return { ...workload, files: { ...workload.files, ...files } };
}

/** Where only the workload itself has the certificate to ask with. */
function healthCommandOf(
  workload: Workload,
): { readonly check: Check; readonly files: HealthCommand["files"] } | undefined {
  const planned = planHealthCommand(workload);
  if (planned === undefined || !asksWithFile(planned.command)) return undefined;
  return { check: { exec: { command: [...planned.command] } }, files: planned.files };
}

/** kubelet checks no certificate and shows none, so what asks for one is asked for its port alone. */
function renderCheck(workload: Workload): Check {
  const listener = healthListener(workload);
  const { host, port, access } = listener;
  // On the node's own network kubelet reaches what listens on its loopback alone.
  const at = host.startsWith("127.") ? { host } : {};
  if (access.startsWith("mtls")) return { tcpSocket: { port, ...at } };
  const scheme = schemeOf(listener, workload.health) === "https" ? { scheme: "HTTPS" } : {};
  return { httpGet: { path: workload.health.path, port, ...scheme, ...at } };
}

function healthListener({ name, health, ports }: Workload) {
  const listener = ports[health.port];
  if (listener !== undefined) return listener;
  throw new ConfigError([
    {
      path: `workload ${name}: health.port`,
      expected: `one of its ports: ${Object.keys(ports).join(", ")}`,
      got: health.port,
      fix: "name a port the workload listens on",
    },
  ]);
}
