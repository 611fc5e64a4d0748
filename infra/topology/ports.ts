import type { Problem } from "../../components/core/errors.ts";
import type { Environment } from "../environment/schema.ts";

/** Ports by service, as their documents and upstream defaults have them (requirements Q3). */
const STANDARD = {
  agent: { otlpGrpc: 4317, otlpHttp: 4318, health: 13133, metrics: 8887 },
  "dcgm-exporter": { http: 9400 },
  "node-exporter": { http: 9100 },
  gateway: { otlpGrpc: 4317, otlpHttp: 4318, peer: 4319, scrape: 8890, health: 8888, metrics: 8889 },
  prometheus: { http: 9090 },
  alertmanager: { http: 9093, cluster: 9094 },
  tempo: { http: 3200, grpc: 3201, otlp: 4317, gossip: 7946 },
  loki: { http: 3100, grpc: 3101, gossip: 7946 },
  jaeger: { query: 16686, queryGrpc: 16685, otlp: 4317, health: 13134, metrics: 8886 },
  greptimedb: { http: 4000, grpc: 4001, mysql: 4002, postgres: 4003 },
  grafana: { http: 3000 },
  "log-keeper": { http: 8885 },
  console: { http: 8870, prometheus: 8871, alertmanager: 8872, jaeger: 8873, tempo: 8874, loki: 8875 },
} as const;

/** Only the agent owns 4317 and 4318 where all share one machine (C-08). */
const ON_ONE_MACHINE = {
  gateway: { otlpGrpc: 14317, otlpHttp: 14318, peer: 14319 },
  tempo: { otlp: 4327 },
  jaeger: { otlp: 4337 },
} as const;

export type ServiceName = keyof typeof STANDARD;
export type PortName<S extends ServiceName> = keyof (typeof STANDARD)[S] & string;
export type ServicePorts<S extends ServiceName> = Readonly<Record<PortName<S>, number>>;

/** The ports of a service: the standard ones, moved where programs share a machine or the operator says so. */
export function planPorts<S extends ServiceName>(environment: Environment, service: S): ServicePorts<S> {
  const isShared = environment.runtime === "process";
  const moved: Record<string, Record<string, number>> = isShared ? ON_ONE_MACHINE : {};
  const own = isShared && service === "tempo" ? { grpc: planTempoGrpc(environment.network.loopback) } : {};
  const entries = Object.entries({ ...STANDARD[service], ...moved[service], ...own }).map(
    ([name, port]) => [name, environment.network.ports[`${service}.${name}`] ?? port] as const,
  );
  return Object.fromEntries(entries) as ServicePorts<S>;
}

/**
 * Tempo's gRPC stays on 127.0.0.1 in every environment (see `components/tempo/render.ts`), so environments on
 * other loopback networks need another port.
 */
function planTempoGrpc(loopback: string): number {
  const [, second = 0, third = 0] = loopback.split(".").map(Number);
  return STANDARD.tempo.grpc + ((second * 256 + third) % 16_000);
}

const PORT_NAMES: readonly string[] = Object.entries(STANDARD).flatMap(([service, ports]) =>
  Object.keys(ports).map((name) => `${service}.${name}`),
);

/** Names in `network.ports` that no service has. */
export function findUnknownPorts({ name, network }: Environment): readonly Problem[] {
  return Object.keys(network.ports)
    .filter((key) => !PORT_NAMES.includes(key))
    .map((key) => ({
      path: `stacks/Pulumi.${name}.yaml: network.ports`,
      expected: `a service and one of its ports: ${PORT_NAMES.join(", ")}`,
      got: `"${key}"`,
      fix: `rename or remove "${key}"`,
    }));
}
