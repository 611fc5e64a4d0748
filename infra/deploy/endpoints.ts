import { toAddress } from "../../components/core/endpoint.ts";
import { placementsOf } from "../topology/placements.ts";
import type { PortName, ServiceName } from "../topology/ports.ts";
import type { Topology } from "../topology/topology.ts";
import type { Deployable } from "./deployable.ts";

/** Services of GPU hosts, and one that nobody dials. */
type Inward = "agent" | "dcgm-exporter" | "node-exporter" | "log-keeper";

/** The port of a service that people and programs dial. */
const DIALLED: { readonly [S in Exclude<ServiceName, Inward>]: PortName<S> } = {
  gateway: "otlpGrpc",
  prometheus: "http",
  alertmanager: "http",
  tempo: "http",
  loki: "http",
  jaeger: "query",
  greptimedb: "http",
  grafana: "http",
  console: "http",
};

/**
 * Where the gateways and each backend are dialled, by workload: from the machine that runs it, or else inside the environment.
 * Hosts are left out: a fleet has a thousand.
 */
export function planEndpoints(
  topology: Topology,
  deployables: readonly Deployable[],
): Readonly<Record<string, string>> {
  const placements = placementsOf(topology);
  const dialled: Readonly<Record<string, string>> = DIALLED;
  return Object.fromEntries(
    deployables.flatMap(({ workload: { name, service, ports } }) => {
      const listener = ports[dialled[service] ?? ""];
      if (listener === undefined) return [];
      const { reachedAt, dial } = placements[name] ?? {};
      const address = toAddress({ host: reachedAt ?? dial ?? listener.host, port: listener.port });
      return [[name, `${listener.access === "plaintext" ? "http" : "https"}://${address}`]];
    }),
  );
}
