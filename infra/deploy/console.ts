import type { ConsoleBackend } from "../../components/console/settings.ts";
import { consoleWorkload } from "../../components/console/workload.ts";
import type { DashboardUid } from "../../components/alerts/dashboard-uids.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { planDashboards } from "../../dashboards/catalogue.ts";
import { toConsolePage } from "../../dashboards/library/console-page.ts";
import { numbersOf } from "../../dashboards/library/numbers.ts";
import type { Placed, Topology } from "../topology/topology.ts";
import { planAlertSettings } from "./alerts.ts";
import { grafanaUrl } from "./public-addresses.ts";

/** Dashboards that are pages of the console, the first one in front; the others need Grafana. */
export const CONSOLE_PAGES: readonly DashboardUid[] = ["gpu-fleet", "gpu-device", "telemetry-pipeline"];

/** The console of an environment, where it has one. */
export function planConsole(topology: Topology): readonly Workload[] {
  const { environment, console: placement } = topology;
  if (placement === undefined) return [];
  const { inventory, thresholds } = planAlertSettings(topology);
  const dashboards = planDashboards(numbersOf(inventory, thresholds));
  const pages = CONSOLE_PAGES.flatMap((uid) => dashboards.filter((dashboard) => dashboard.uid === uid));
  const backends = consoleBackends(topology);
  return [
    consoleWorkload({
      placement,
      environment: environment.name,
      scrapeInterval: environment.metrics.scrapeInterval,
      backends: Object.fromEntries(
        Object.entries(backends).map(([name, replicas]) => [name, replicas.map(({ address }) => address)]),
      ),
      pages: pages.map((page) => toConsolePage(page, { shown: CONSOLE_PAGES, hasLogs: backends.loki !== undefined })),
      grafana: grafanaUrl(topology),
    }),
  ];
}

/** Replicas of a backend that the console asks, by name. */
type Backends = Readonly<Partial<Record<ConsoleBackend, readonly Replica[]>>>;
type Replica = { readonly name: string; readonly address: { readonly host: string; readonly port: number } };

/** Backends of our own that a console of this environment asks and forwards to. */
export function consoleBackends({ prometheus, alertmanager, jaeger, tempo, loki }: Topology): Backends {
  const all: Readonly<Record<ConsoleBackend, readonly Replica[]>> = {
    prometheus: prometheus.map((one) => replicaOf(one, one.ports.http)),
    alertmanager: alertmanager.map((one) => replicaOf(one, one.ports.http)),
    jaeger: jaeger === undefined ? [] : [replicaOf(jaeger, jaeger.ports.query)],
    tempo: tempo === undefined ? [] : [replicaOf(tempo, tempo.ports.http)],
    loki: loki === undefined ? [] : [replicaOf(loki, loki.ports.http)],
  };
  return Object.fromEntries(Object.entries(all).filter(([, replicas]) => replicas.length > 0));
}

function replicaOf({ name, dial }: Pick<Placed<"prometheus">, "name" | "dial">, port: number): Replica {
  return { name, address: { host: dial, port } };
}
