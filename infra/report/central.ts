import { planAlertSettings } from "../deploy/alerts.ts";
import { renderRuleFiles } from "../../components/alerts/render.ts";
import { AREAS } from "../../components/alerts/areas.ts";
import { toLabelName } from "../../components/signals/signal.ts";
import type { Placement } from "../../components/runtime/placement.ts";
import type { Topology } from "../topology/topology.ts";
import { type HostReport, sum } from "./hosts.ts";
import { SELF_TELEMETRY, SERIES_PER_FIRING_ALERT, SERIES_PER_RULE_GROUP, SERIES_PER_SCRAPE } from "./measured.ts";
import type { Load } from "./settings.ts";

/** Replicas of one of the platform's own programs that Prometheus scrapes. */
export interface CentralReport {
  readonly component: string;
  readonly replicas: number;
  readonly seriesEach: number;
}

/** What rules make of the series they read. */
export interface RulesReport {
  readonly alerts: number;
  readonly recordingRules: number;
  readonly groups: number;
  /** Series the recording rules keep, and those of the one alert that always fires. */
  readonly series: number;
}

export function reportCentral(topology: Topology, { groups }: RulesReport): readonly CentralReport[] {
  const { gateways, prometheus, alertmanager, tempo, loki, jaeger } = topology;
  const copies = (part: Placement | undefined) => (part === undefined ? 0 : (part.replicas ?? 1));
  const rows: readonly (readonly [component: keyof typeof SELF_TELEMETRY, replicas: number, more?: number])[] = [
    ["gateway", gateways.length],
    ["prometheus", prometheus.length, SERIES_PER_RULE_GROUP * (groups - 1)],
    ["alertmanager", alertmanager.length],
    ["tempo", copies(tempo)],
    ["loki", copies(loki)],
    ["jaeger", copies(jaeger)],
  ];
  return rows
    .filter(([, replicas]) => replicas > 0)
    .map(([component, replicas, more = 0]) => ({
      component,
      replicas,
      seriesEach: SELF_TELEMETRY[component] + SERIES_PER_SCRAPE + more,
    }));
}

export function reportRules(topology: Topology, hosts: readonly HostReport[], load: Load): RulesReport {
  const settings = planAlertSettings(topology);
  const groups = Object.values(renderRuleFiles(settings)).flatMap((file) => file.groups);
  const rules = groups.flatMap((group) => group.rules);
  const recordings = AREAS.flatMap((area) => area.recordings(settings.inventory));
  const recorded = recordings.map(({ labels }) => seriesOfLabels(labels, hosts, load));
  return {
    alerts: rules.filter((rule) => "alert" in rule).length,
    recordingRules: recordings.length,
    groups: groups.length,
    series: sum(recorded) + SERIES_PER_FIRING_ALERT,
  };
}

/** Series a result has by the labels it keeps: one per GPU, per service, per host, or one. */
function seriesOfLabels(labels: readonly string[], hosts: readonly HostReport[], load: Load): number {
  const has = new Set(labels.map(toLabelName));
  const nodes = sum(hosts.map((host) => host.nodes));
  if (has.has("gpu") || has.has("hw_id")) return sum(hosts.map((host) => host.nodes * host.gpus.length));
  if (has.has("service_name") && !has.has("host_name")) return load.servicesPerHost;
  if (has.has("service_name")) return nodes * load.servicesPerHost;
  return has.has("host_name") ? nodes : 1;
}
