import type { Placement } from "../../components/runtime/placement.ts";
import { toSets } from "./place.ts";
import type { Topology } from "./topology.ts";

/** Every placement that a workload is made from, by the workload's name. */
export function placementsOf(topology: Topology): Readonly<Record<string, Placement>> {
  const { environment, gateways, prometheus, alertmanager, hosts } = topology;
  const { tempo, loki, jaeger, greptimedb, grafana, logKeeper, console } = topology;
  const placements = [
    ...toSets(environment, "gateway", gateways),
    ...toSets(environment, "prometheus", prometheus),
    ...toSets(environment, "alertmanager", alertmanager),
    ...[tempo, loki, jaeger, greptimedb, grafana, logKeeper, console].filter((one) => one !== undefined),
    ...hosts.flatMap(({ agent, dcgmExporter, nodeExporter }) => [agent, dcgmExporter, nodeExporter]),
  ];
  return Object.fromEntries(placements.map((placement) => [placement.name, placement]));
}
