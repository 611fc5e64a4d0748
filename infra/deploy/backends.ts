import { alertmanagerWorkload } from "../../components/alertmanager/workload.ts";
import type { Address } from "../../components/core/endpoint.ts";
import { greptimedbWorkload } from "../../components/greptimedb/workload.ts";
import { jaegerWorkload } from "../../components/jaeger/workload.ts";
import { lokiWorkload } from "../../components/loki/workload.ts";
import type { ScrapeTarget } from "../../components/prometheus/settings.ts";
import { prometheusWorkload } from "../../components/prometheus/workload.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { tempoWorkload } from "../../components/tempo/workload.ts";
import type { Placement } from "../../components/runtime/placement.ts";
import { inCluster, toSets } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { renderRuleFiles } from "../../components/alerts/render.ts";
import { planAlertSettings } from "./alerts.ts";
import { planGrafana } from "./grafana.ts";
import { alertsUrl } from "./public-addresses.ts";

/** The backends. */
export function planBackends(topology: Topology): readonly Workload[] {
  const { environment, tempo, loki, jaeger, greptimedb } = topology;
  return [
    ...planPrometheus(topology),
    ...planAlertmanager(topology),
    ...(tempo === undefined ? [] : [tempoWorkload({ ...environment.tempo, placement: tempo })]),
    ...(loki === undefined ? [] : [lokiWorkload({ ...environment.loki, placement: loki })]),
    ...(jaeger === undefined ? [] : [jaegerWorkload({ ...environment.jaeger, placement: jaeger })]),
    ...(greptimedb === undefined ? [] : [greptimedbWorkload({ ...environment.greptimedb, placement: greptimedb })]),
    ...planGrafana(topology),
  ];
}

function planPrometheus(topology: Topology): readonly Workload[] {
  const { name, environment, prometheus, alertmanager } = topology;
  const { metrics } = environment;
  const rules = renderRuleFiles(planAlertSettings(topology));
  return toSets(environment, "prometheus", prometheus).map((placement) =>
    prometheusWorkload({
      placement,
      environment: name,
      ingestion: metrics.path,
      retention: environment.prometheus.retention,
      volumeMiB: environment.prometheus.volumeMiB,
      outOfOrderWindow: environment.prometheus.outOfOrderWindow,
      scrapeInterval: metrics.scrapeInterval,
      evaluationInterval: environment.prometheus.evaluationInterval,
      alertmanagers: addressesOf(alertmanager, "http"),
      targets: planTargets(topology),
      rules,
    }),
  );
}

function planAlertmanager(topology: Topology): readonly Workload[] {
  const { alertmanager, environment, hosts } = topology;
  return toSets(environment, "alertmanager", alertmanager).map((placement) =>
    alertmanagerWorkload({
      placement,
      peers: addressesOf(
        alertmanager.filter(({ name }) => name !== placement.name),
        "cluster",
      ),
      ...environment.alertmanager,
      externalUrl: alertsUrl(topology, placement),
      quietHosts: hosts.filter(({ state }) => state !== "active").map(({ name }) => name),
    }),
  );
}

/** The platform's own programs; agents and exporters come in through the agents. */
export function planTargets(topology: Topology): readonly ScrapeTarget[] {
  const { environment, gateways, prometheus, alertmanager, tempo, loki, jaeger, greptimedb, grafana } = topology;
  const scraped = environment.metrics.path === "scrape" ? gateways : [];
  const { maxCount } = environment.gateways;
  const scaled = maxCount === undefined ? {} : { service: `_metrics._tcp.${inCluster("gateway")}` };
  const targets: readonly ScrapeTarget[] = [
    { job: "gateway", scheme: "http", addresses: addressesOf(gateways, "metrics"), ...scaled },
    { job: "telemetry", scheme: "https", addresses: addressesOf(scraped, "scrape") },
    { job: "prometheus", scheme: "https", addresses: addressesOf(prometheus, "http") },
    { job: "alertmanager", scheme: "https", addresses: addressesOf(alertmanager, "http") },
    { job: "tempo", scheme: "https", addresses: copiesOf(tempo, "http") },
    { job: "loki", scheme: "https", addresses: copiesOf(loki, "http") },
    { job: "jaeger", scheme: "http", addresses: copiesOf(jaeger, "metrics") },
    { job: "greptimedb", scheme: "http", addresses: copiesOf(greptimedb, "http") },
    { job: "grafana", scheme: "https", addresses: copiesOf(grafana, "http") },
  ];
  return targets.filter(({ addresses }) => addresses.length > 0);
}

function addressesOf<Name extends string>(placements: readonly Placement<Name>[], port: Name): readonly Address[] {
  return placements.map(({ dial, ports }) => ({ host: dial, port: ports[port] }));
}

/** Each copy of a set by its own name: what counts must be read from one and the same copy. */
function copiesOf<Name extends string>(placement: Placement<Name> | undefined, port: Name): readonly Address[] {
  if (placement === undefined) return [];
  const { name, dial, ports, replicas } = placement;
  if (replicas === undefined) return [{ host: dial, port: ports[port] }];
  return Array.from({ length: replicas }, (_, index) => ({ host: `${name}-${index}.${dial}`, port: ports[port] }));
}
