import { toEndpoint } from "../../components/core/endpoint.ts";
import { CONSOLE_USER } from "../../components/console/render.ts";
import type { ConsoleBackend } from "../../components/console/settings.ts";
import { DASHBOARDS } from "../../components/alerts/dashboard-uids.ts";
import { CONSOLE_PAGES, consoleBackends } from "../deploy/console.ts";
import { grafanaUrl, publishedGrafana } from "../deploy/public-addresses.ts";
import { NAMESPACE } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";

/** What this machine knows beside the plan. */
export interface Facts {
  /** Certificate of the environment's authority. */
  readonly caFile: string;
  /** Programs that were built here from source: Prometheus and Jaeger come without their pages then. */
  readonly built: ReadonlySet<string>;
}

/** An address that a person opens, and what is there. */
type Line = readonly [url: string, what: string];

/** Where a person begins at each backend behind the console, and what is there. */
const FRONTED: Readonly<
  Record<ConsoleBackend, { readonly path: string; readonly what: string; readonly api: boolean }>
> = {
  prometheus: { path: "/", what: "Prometheus", api: false },
  alertmanager: { path: "/", what: "Alertmanager", api: false },
  jaeger: { path: "/", what: "Jaeger", api: false },
  tempo: { path: "/api/search", what: "Tempo: HTTP API", api: true },
  loki: { path: "/loki/api/v1/labels", what: "Loki: HTTP API", api: true },
};

/** Programs whose pages are no part of their sources. */
const PAGES_APART: readonly string[] = ["prometheus", "jaeger"];

/** The addresses that a person opens in a browser, how to sign in there, and what is left out. Pure. */
export function toAddressText(topology: Topology, facts: Facts): string {
  const lines = [...consoleLines(topology, facts), ...grafanaLines(topology), ...greptimedbLines(topology)];
  const width = Math.max(0, ...lines.map(([url]) => url.length));
  return [
    "Open in a browser",
    ...lines.map(([url, what]) => `  ${url.padEnd(width)}  ${what}`),
    ...signIn(topology).map((text) => `  ${text}`),
    ...notes(topology, facts).map((text) => `  ${text}`),
  ].join("\n");
}

function consoleLines(topology: Topology, { built }: Facts): readonly Line[] {
  const { console: placed } = topology;
  if (placed === undefined) return [];
  const at = (port: keyof typeof placed.ports, path: string) =>
    toEndpoint("http", { host: placed.dial, port: placed.ports[port] }, path);
  const titles = CONSOLE_PAGES.map((uid) => DASHBOARDS[uid]).join(", ");
  const backends = Object.keys(consoleBackends(topology)) as ConsoleBackend[];
  return [
    [at("http", "/"), `this project's own page: ${titles}, alerts that fire`],
    ...backends.map((name): Line => {
      const { path, what } = FRONTED[name];
      const isBare = built.has(name) && PAGES_APART.includes(name);
      return [at(name, path), isBare ? `${what}: HTTP API alone, it was built here without its pages` : what];
    }),
  ];
}

function grafanaLines(topology: Topology): readonly Line[] {
  const url = grafanaUrl(topology);
  if (url === undefined) return [];
  return [
    [url, "Grafana"],
    ...Object.entries(DASHBOARDS).map(([uid, title]): Line => [`${url}/d/${uid}`, `dashboard ${title}`]),
  ];
}

function greptimedbLines({ environment, greptimedb }: Topology): readonly Line[] {
  if (greptimedb === undefined || environment.runtime === "kubernetes") return [];
  const { reachedAt, dial, ports } = greptimedb;
  return [[toEndpoint("http", { host: reachedAt ?? dial, port: ports.http }, "/dashboard"), "GreptimeDB"]];
}

/** Users by address, and the one command that prints passwords. */
function signIn({ name, environment, console: page, grafana, greptimedb }: Topology): readonly string[] {
  const users = [
    ...(page === undefined ? [] : [`${CONSOLE_USER} (page and backends)`]),
    ...(grafana === undefined ? [] : ["admin (Grafana)"]),
    ...(greptimedb === undefined ? [] : [`${environment.greptimedb.user} (GreptimeDB)`]),
  ];
  if (users.length === 0) return [];
  return [`user ${users.join(", ")}; the passwords: npm run status -- ${name} --passwords`];
}

function notes(topology: Topology, { caFile }: Facts): readonly string[] {
  const { environment, grafana, skipped, alertmanager } = topology;
  const { runtime } = environment;
  const isOwn = grafana !== undefined && publishedGrafana(environment) === undefined;
  const { publicUrl } = environment.alertmanager;
  return [
    ...(runtime === "kubernetes" && isOwn
      ? [`Grafana: kubectl -n ${NAMESPACE} port-forward service/grafana 3000:3000, then https://localhost:3000`]
      : []),
    ...(isOwn ? [`Grafana's certificate is signed by the environment's own authority: ${caFile}`] : []),
    ...(publicUrl === undefined ? [] : [`Alertmanager: ${publicUrl}`]),
    ...(topology.console !== undefined || alertmanager.length === 0 ? [] : [CERTIFICATES[runtime]]),
    ...Object.entries({ Grafana: skipped["grafana"], "the page": skipped["console"] }).flatMap(([part, reason]) =>
      reason === undefined ? [] : [`left out: ${part}: ${reason}`],
    ),
  ];
}

/** Why there is no page, by what runs the backends. */
const CERTIFICATES: Readonly<Record<Topology["environment"]["runtime"], string>> = {
  process: "the backends ask for a client certificate; console.enabled: true puts a page in front of them",
  docker: "the backends' own pages ask for a client certificate, which browsers have not; Grafana reads all of them",
  kubernetes: "the backends are reached inside their cluster alone; Grafana reads all of them",
};
