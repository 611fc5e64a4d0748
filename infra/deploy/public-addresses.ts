import type { DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import { toEndpoint } from "../../components/core/endpoint.ts";
import type { Placement } from "../../components/runtime/placement.ts";
import type { Environment } from "../environment/schema.ts";
import type { Topology } from "../topology/topology.ts";

/** Shows which alerts fire to people who cannot open Alertmanager's own page. */
const ALERTS_DASHBOARD: DashboardUid = "gpu-fleet";

/** Address under which something publishes our own Grafana; undefined where nothing does. */
export function publishedGrafana({ grafana, kubernetes }: Environment): string | undefined {
  if (grafana.publicUrl !== undefined) return withoutSlash(grafana.publicUrl);
  return kubernetes.ingress === undefined ? undefined : `https://${kubernetes.ingress.host}`;
}

/**
 * Address at which people open Grafana: its published one, else that of the machine it runs on. Undefined where there is
 * no Grafana, and on a cluster without an ingress, which lets nobody in.
 */
export function grafanaUrl({ environment, grafana }: Topology): string | undefined {
  const { external } = environment.grafana;
  if (external !== undefined) return withoutSlash(external.url);
  return publishedGrafana(environment) ?? (grafana === undefined ? undefined : ownUrl(environment, grafana));
}

/**
 * Page on which people see every alert: `alertmanager.publicUrl`, else Alertmanager's own page, through the console where
 * there is one, else, on a cluster, a dashboard. Undefined on a cluster where people reach none of them.
 */
export function alertsUrl(topology: Topology, alertmanager: Placement<"http">): string | undefined {
  const { environment, console: page } = topology;
  const { publicUrl } = environment.alertmanager;
  if (publicUrl !== undefined) return withoutSlash(publicUrl);
  // Alertmanager itself asks for a certificate, which no browser has.
  const own =
    page === undefined
      ? ownUrl(environment, alertmanager)
      : toEndpoint("http", { host: page.dial, port: page.ports.alertmanager });
  if (own !== undefined) return own;
  const grafana = grafanaUrl(topology);
  return grafana === undefined ? undefined : `${grafana}/d/${ALERTS_DASHBOARD}`;
}

/** Where the machine that runs it reaches it; nobody outside a cluster reaches what runs there. */
function ownUrl({ runtime }: Environment, { dial, reachedAt = dial, ports }: Placement<"http">): string | undefined {
  return runtime === "kubernetes" ? undefined : toEndpoint("https", { host: reachedAt, port: ports.http });
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, "");
}
