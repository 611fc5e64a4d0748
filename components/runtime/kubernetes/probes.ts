import { ConfigError } from "../../core/errors.ts";
import type { Workload } from "../workload.ts";
import type { Container, Probe } from "./types.ts";

const START_PERIOD_SECONDS = 2;

/** Startup as long as the workload's own deadline; then ready within seconds, restarted after two minutes. */
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
    readinessProbe: { ...check, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    livenessProbe: { ...check, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** Whether kubelet can only see that the port is open. */
export function isOpaque(workload: Workload): boolean {
  return healthListener(workload).access !== "plaintext";
}

/** kubelet shows no certificate and knows no password, so what asks for one is asked for its port alone. */
function renderCheck(workload: Workload): Pick<Probe, "httpGet" | "tcpSocket"> {
  const { host, port } = healthListener(workload);
  // On the node's own network kubelet reaches what listens on its loopback alone.
  const at = host.startsWith("127.") ? { host } : {};
  if (isOpaque(workload)) return { tcpSocket: { port, ...at } };
  return { httpGet: { path: workload.health.path, port, ...at } };
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
