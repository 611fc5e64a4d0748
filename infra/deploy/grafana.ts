import type { Address } from "../../components/core/endpoint.ts";
import { type GrafanaContent, planGrafanaContent } from "../../components/grafana/content.ts";
import { planDataSources } from "../../components/grafana/data-sources.ts";
import type { GrafanaContentSettings, GrafanaReceiver, GrafanaSources } from "../../components/grafana/settings.ts";
import { grafanaWorkload } from "../../components/grafana/workload.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { planDashboards } from "../../dashboards/catalogue.ts";
import { numbersOf } from "../../dashboards/library/numbers.ts";
import { renderDashboard } from "../../dashboards/library/render.ts";
import type { Topology } from "../topology/topology.ts";
import { planAlertSettings } from "./alerts.ts";
import { planExternalGreptimedbSource } from "./external-greptimedb.ts";
import { planAccess } from "./external-prometheus-plan.ts";

/** The environment's own Grafana, where it has one. */
export function planGrafana(topology: Topology): readonly Workload[] {
  const { grafana: placement, environment } = topology;
  if (placement === undefined) return [];
  const { database } = environment.grafana;
  const publicHost = environment.kubernetes.ingress?.host;
  return [grafanaWorkload({ placement, ...planContentSettings(topology), database, publicHost })];
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

function planSources(topology: Topology): GrafanaSources {
  const { environment, tempo, loki, jaeger, greptimedb } = topology;
  const [prometheus] = topology.prometheus;
  const [alertmanager] = topology.alertmanager;
  const { external } = environment.prometheus;
  const externalGreptimedb = planExternalGreptimedbSource(environment);
  return {
    ...(prometheus ? { prometheus: addressOf(prometheus, "http") } : {}),
    ...(external ? { externalPrometheus: planAccess(external) } : {}),
    ...(alertmanager ? { alertmanager: addressOf(alertmanager, "http") } : {}),
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
