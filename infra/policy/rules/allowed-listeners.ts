import type { Unit } from "../model.ts";
import type { Listening } from "../read/listener.ts";

/** A listener beyond loopback that may ask for less than a client certificate, and why nothing better is to be had. */
export interface Allowed {
  readonly program: string;
  /** Matches {@link Listening.name}. */
  readonly listener: RegExp;
  /** What it speaks at least. */
  readonly tls: "none" | "server";
  /** Address it may bind. @default any */
  readonly host?: string;
  /** Runtime it is allowed in. @default any */
  readonly runtime?: Unit["runtime"];
  /** Names of the workloads it is allowed for. @default any */
  readonly units?: RegExp;
  readonly because: string;
}

/** The allow-list. A listener in it still needs a NetworkPolicy where it binds every address. */
export const ALLOWED: readonly Allowed[] = [
  {
    program: "otelcol",
    listener: /^extension health_check/,
    tls: "none",
    because: "kubelet and Docker ask for health without a certificate; it answers nothing but its state",
  },
  { program: "otelcol", listener: /^own metrics$/, tls: "none", because: "the collector's own reader has no TLS" },
  {
    program: "otelcol",
    listener: /^receiver otlp (grpc|http)$/,
    tls: "none",
    host: "${env:HOST_IP}",
    because: "pods of a node reach their agent by the node's address, and hold no certificate of this platform",
  },
  {
    program: "otelcol",
    listener: /^receiver otlp (grpc|http)$/,
    tls: "none",
    runtime: "docker",
    units: /-agent$/,
    because: "containers of a GPU host meet on their engine's own network, published on its loopback alone",
  },
  {
    program: "node_exporter",
    listener: /^web$/,
    tls: "none",
    runtime: "docker",
    because: "containers of a GPU host meet on their engine's own network, published on its loopback alone",
  },
  {
    program: "jaeger",
    listener: /^extension healthcheckv2/,
    tls: "none",
    because: "kubelet and Docker ask for health without a certificate; it answers nothing but its state",
  },
  { program: "jaeger", listener: /^own metrics$/, tls: "none", because: "Jaeger's own reader has no TLS" },
  {
    program: "greptimedb",
    listener: /^http$/,
    tls: "none",
    because: "GreptimeDB has no TLS on HTTP; it asks for a password",
  },
  {
    program: "dcgm-simulator",
    listener: /^web$/,
    tls: "none",
    because: "a simulated host has nothing to hide, and its agent fetches it as it would dcgm-exporter on loopback",
  },
  { program: "greptimedb", listener: /^(grpc|mysql|postgres)$/, tls: "server", because: "people give a password" },
  { program: "grafana", listener: /^web$/, tls: "server", because: "people give a password" },
  { program: "loki", listener: /^gossip$/, tls: "server", because: "dskit's gossip asks no certificate of the caller" },
  {
    program: "tempo",
    listener: /^gossip$/,
    tls: "server",
    because: "dskit's gossip asks no certificate of the caller",
  },
];

export function isAllowed({ program, runtime, name: unit }: Unit, { name, host, tls }: Listening): boolean {
  return ALLOWED.some(
    (entry) =>
      entry.program === program &&
      (entry.runtime === undefined || entry.runtime === runtime) &&
      (entry.units === undefined || entry.units.test(unit)) &&
      entry.listener.test(name) &&
      (entry.tls === "none" || entry.tls === tls) &&
      (entry.host === undefined || entry.host === host),
  );
}
