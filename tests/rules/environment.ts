import { AREAS } from "../../components/alerts/areas.ts";
import type { Inventory } from "../../components/alerts/area.ts";
import { type AlertSettings, type PlannedAlert, planAlerts } from "../../components/alerts/render.ts";
import type { RecordingRule } from "../../components/signals/recording.ts";

/** The environment the cases play in: two hosts by name, and a pool of nodes that come and go. */
export const INVENTORY: Inventory = {
  hosts: [
    { name: "gpu-1", gpus: 4, pool: false },
    { name: "gpu-2", gpus: 4, pool: false },
    { name: "gpu-nodes", gpus: 8, pool: true },
  ],
  gateways: 2,
  prometheus: 2,
  alertmanagers: 2,
  backends: ["tempo", "loki", "jaeger", "greptimedb", "grafana"],
  memoryMiB: { gateway: 512, agent: 512 },
};

/** Settings with some thresholds other than their defaults, by area and name. */
export function settingsWith(thresholds: AlertSettings["thresholds"] = {}): AlertSettings {
  return {
    inventory: INVENTORY,
    links: { runbooks: "https://runbooks.example.org", grafana: "https://grafana.example.org" },
    thresholds,
    disabled: [],
  };
}

export const ALERTS: readonly PlannedAlert[] = planAlerts(settingsWith());
export const RECORDINGS: readonly RecordingRule[] = AREAS.flatMap((area) => area.recordings(INVENTORY));
