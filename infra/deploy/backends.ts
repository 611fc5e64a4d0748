import { alertmanagerWorkload } from "../../components/alertmanager/workload.ts";
import type { Address } from "../../components/core/endpoint.ts";
import { greptimedbWorkload } from "../../components/greptimedb/workload.ts";
import { jaegerWorkload } from "../../components/jaeger/workload.ts";
import { lokiWorkload } from "../../components/loki/workload.ts";
import type { ScrapeTarget } from "../../components/prometheus/settings.ts";
import { prometheusWorkload } from "../../components/prometheus/workload.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { tempoWorkload } from "../../components/tempo/workload.ts";
import { toSets } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { renderRuleFiles } from "../../components/alerts/render.ts";
import { planAlertSettings } from "./alerts.ts";
import { planGrafana } from "./grafana.ts";

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
      outOfOrderWindow: environment.prometheus.outOfOrderWindow,
      scrapeInterval: metrics.scrapeInterval,
      evaluationInterval: environment.prometheus.evaluationInterval,
      alertmanagers: alertmanager.map((replica) => addressOf(replica, "http")),
      targets: planTargets(topology),
      rules,
    }),
  );
}

function planAlertmanager({ alertmanager, environment }: Topology): readonly Workload[] {
  return toSets(environment, "alertmanager", alertmanager).map((placement) =>
    alertmanagerWorkload({
      placement,
      peers: alertmanager.filter(({ name }) => name !== placement.name).map((peer) => addressOf(peer, "cluster")),
      ...environment.alertmanager,
    }),
  );
}

/** The platform's own programs; agents and exporters come in through the agents. */
function planTargets(topology: Topology): readonly ScrapeTarget[] {
  const { environment, gateways, prometheus, alertmanager, tempo, loki, jaeger, greptimedb, grafana } = topology;
  const scraped = environment.metrics.path === "scrape" ? gateways : [];
  const targets: readonly ScrapeTarget[] = [
    { job: "gateway", scheme: "http", addresses: gateways.map((gateway) => addressOf(gateway, "metrics")) },
    { job: "telemetry", scheme: "https", addresses: scraped.map((gateway) => addressOf(gateway, "scrape")) },
    { job: "prometheus", scheme: "https", addresses: prometheus.map((replica) => addressOf(replica, "http")) },
    { job: "alertmanager", scheme: "https", addresses: alertmanager.map((replica) => addressOf(replica, "http")) },
    { job: "tempo", scheme: "https", addresses: tempo === undefined ? [] : [addressOf(tempo, "http")] },
    { job: "loki", scheme: "https", addresses: loki === undefined ? [] : [addressOf(loki, "http")] },
    { job: "jaeger", scheme: "http", addresses: jaeger === undefined ? [] : [addressOf(jaeger, "metrics")] },
    { job: "greptimedb", scheme: "http", addresses: greptimedb === undefined ? [] : [addressOf(greptimedb, "http")] },
    { job: "grafana", scheme: "https", addresses: grafana === undefined ? [] : [addressOf(grafana, "http")] },
  ];
  return targets.filter(({ addresses }) => addresses.length > 0);
}

function addressOf<Name extends string>(
  { dial, ports }: { readonly dial: string; readonly ports: Readonly<Record<Name, number>> },
  port: Name,
): Address {
  return { host: dial, port: ports[port] };
}
