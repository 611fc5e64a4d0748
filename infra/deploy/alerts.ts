import type { ALERT_AREAS } from "../../components/alerts/areas.ts";
import type { Inventory } from "../../components/alerts/area.ts";
import type { AlertSettings } from "../../components/alerts/render.ts";
import type { Topology } from "../topology/topology.ts";
import { grafanaUrl } from "./public-addresses.ts";

/** What the alerts of an environment are made from. */
export function planAlertSettings(topology: Topology): AlertSettings {
  const { environment } = topology;
  const { disabled, runbooks, ...thresholds } = environment.alerts;
  return {
    inventory: planInventory(topology),
    links: {
      runbooks: runbooks?.replace(/\/$/, ""),
      grafana: grafanaUrl(topology),
    },
    thresholds: thresholds satisfies Record<keyof typeof ALERT_AREAS, object>,
    disabled,
    compatibility: environment.metrics.compatibility,
  };
}

/** The hosts and parts alerts count against. */
export function planInventory(topology: Topology): Inventory {
  const { environment, hosts, gateways, prometheus, alertmanager } = topology;
  const parts = ["tempo", "loki", "jaeger", "greptimedb", "grafana"] as const;
  return {
    hosts: hosts.map(({ name, gpus, runtime, state }) => ({
      name,
      gpus,
      pool: runtime === "kubernetes",
      ...(state === "active" ? {} : { expected: false }),
    })),
    gateways: gateways.length,
    prometheus: prometheus.length,
    alertmanagers: alertmanager.length,
    backends: parts.filter((part) => topology[part] !== undefined),
    memoryMiB: { gateway: environment.gateways.memoryMiB, agent: hosts[0]?.agent.memoryMiB ?? 0 },
  };
}
