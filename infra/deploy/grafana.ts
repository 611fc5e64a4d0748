import type { Address } from "../../components/core/endpoint.ts";
import { type GrafanaContent, planGrafanaContent } from "../../components/grafana/content.ts";
import { planDataSources } from "../../components/grafana/data-sources.ts";
import type {
  GrafanaContentSettings,
  GrafanaReceiver,
  GrafanaSources,
  ReplicaSource,
} from "../../components/grafana/settings.ts";
import { grafanaWorkload } from "../../components/grafana/workload.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { planDashboards } from "../../dashboards/catalogue.ts";
import { numbersOf } from "../../dashboards/library/numbers.ts";
import { renderDashboard } from "../../dashboards/library/render.ts";
import { toSets } from "../topology/place.ts";
import type { Placed, Topology } from "../topology/topology.ts";
import { planAlertSettings } from "./alerts.ts";
import { planExternalGreptimedbSource } from "./external-greptimedb.ts";
import { planAccess } from "./external-prometheus-plan.ts";
import { publishedGrafana } from "./public-addresses.ts";

/** The environment's own Grafana, where it has one. */
export function planGrafana(topology: Topology): readonly Workload[] {
  const { grafana: placement, environment } = topology;
  if (placement === undefined) return [];
  const { database } = environment.grafana;
  const publicUrl = publishedGrafana(environment);
  return [grafanaWorkload({ placement, ...planContentSettings(topology), database, publicUrl })];
}

/** What any Grafana of this environment shows. */
export function planContent(topology: Topology): GrafanaContent {
  return planGrafanaContent(planContentSettings(topology));
}

/** Uids of the data sources that any Grafana of this environment has. */
export function planSourceNames(topology: Topology): readonly string[] {
  return planDataSources({ sources: planSources(topology) }).map(({ uid }) => uid);
}

function planContentSettings(topology: Topology): GrafanaContentSettings {
  const { environment } = topology;
  const { inventory, thresholds } = planAlertSettings(topology);
  const dashboards = planDashboards(numbersOf(inventory, thresholds));
  return {
    sources: planSources(topology),
    dashboards: dashboards.map((dashboard) => ({ uid: dashboard.uid, model: renderDashboard(dashboard) })),
    scrapeInterval: environment.metrics.scrapeInterval,
    receivers: environment.alertmanager.receivers.flatMap(toReceiver),
  };
}

/**
 * Where Grafana reads. On a cluster the name of a set leads to every pod that is ready, so a panel is answered while one
 * is away. Elsewhere each replica has an address of its own: panels read the first, the others are sources to choose.
 */
function planSources(topology: Topology): GrafanaSources {
  const { environment, tempo, loki, jaeger, greptimedb } = topology;
  const [prometheus, ...morePrometheus] = toSets(environment, "prometheus", topology.prometheus);
  const [alertmanager, ...moreAlertmanagers] = toSets(environment, "alertmanager", topology.alertmanager);
  const { external } = environment.prometheus;
  const externalGreptimedb = planExternalGreptimedbSource(environment);
  return {
    ...(prometheus ? { prometheus: addressOf(prometheus, "http") } : {}),
    ...(external ? { externalPrometheus: planAccess(external) } : {}),
    ...(alertmanager ? { alertmanager: addressOf(alertmanager, "http") } : {}),
    replicas: [
      ...morePrometheus.map((replica) => replicaOf("prometheus", replica)),
      ...moreAlertmanagers.map((replica) => replicaOf("alertmanager", replica)),
    ],
    ...(tempo ? { tempo: addressOf(tempo, "http") } : {}),
    ...(loki ? { loki: addressOf(loki, "http") } : {}),
    ...(jaeger ? { jaeger: addressOf(jaeger, "query") } : {}),
    ...(greptimedb
      ? {
          greptimedb: {
            http: addressOf(greptimedb, "http"),
            mysql: addressOf(greptimedb, "mysql"),
            user: environment.greptimedb.user,
          },
        }
      : {}),
    ...(externalGreptimedb ? { externalGreptimedb } : {}),
  };
}

function replicaOf(type: ReplicaSource["type"], replica: Placed<ReplicaSource["type"]>): ReplicaSource {
  return { name: replica.name, type, address: addressOf(replica, "http") };
}

/** Mail is left out: Grafana would need a mail server of its own. */
function toReceiver(receiver: Topology["environment"]["alertmanager"]["receivers"][number]): GrafanaReceiver[] {
  return ["webhook", "teams", "slack", "pagerduty"].includes(receiver.kind) ? [receiver as GrafanaReceiver] : [];
}

function addressOf<Name extends string>(
  { dial, ports }: { readonly dial: string; readonly ports: Readonly<Record<Name, number>> },
  port: Name,
): Address {
  return { host: dial, port: ports[port] };
}
