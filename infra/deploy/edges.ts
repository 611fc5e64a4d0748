import { isSampling } from "../../components/collector/render-sampling.ts";
import { toAddress } from "../../components/core/endpoint.ts";
import type { PortName, ServiceName } from "../topology/ports.ts";
import { podPortOf, traceStores } from "../environment/outside-addresses.ts";
import type { Environment } from "../environment/schema.ts";
import type { Placed, Topology } from "../topology/topology.ts";
import { planGreptimedbConnections } from "./external-greptimedb.ts";
import { monitoringNamespace, planExternalConnections } from "./external-prometheus-plan.ts";

/**
 * Who opens a connection or is connected to: a service, hosts and people around the cluster, the cluster's ingress
 * controller, the pods by which cert-manager proves a name, an existing Prometheus of the cluster, or the internet.
 */
export type Party = ServiceName | "hosts" | "ingress" | "acme-solver" | "monitoring" | "outside";

/** Where a solver of cert-manager answers. */
const SOLVER_PORT = 8089;

/** One connection the platform needs: everything else may be forbidden. */
export interface Edge {
  readonly from: Party;
  readonly to: Party;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
}

/** Every connection between gateways, backends, hosts and the outside, in a stable order without repetition. */
export function planEdges(topology: Topology): readonly Edge[] {
  const edges = [
    ...ingestion(topology),
    ...storing(topology),
    ...monitoring(topology),
    ...showing(topology),
    ...browsing(topology),
    ...publishing(topology),
    ...peering(topology),
    ...leaving(topology),
  ];
  const byText = new Map(edges.map((edge) => [`${edge.from} ${edge.to} ${edge.port} ${edge.protocol}`, edge]));
  return [...byText.keys()].toSorted().map((key) => byText.get(key) as Edge);
}

type Replicas<S extends ServiceName> = readonly Placed<S>[] | Placed<S> | undefined;

/** From somebody to some of a service's ports; nothing where the service is not there. */
function to<S extends ServiceName>(
  from: Party,
  service: S,
  placed: Replicas<S>,
  ports: readonly PortName<S>[],
): readonly Edge[] {
  const one = Array.isArray(placed) ? (placed as readonly Placed<S>[])[0] : (placed as Placed<S> | undefined);
  if (one === undefined) return [];
  return ports.map((port) => ({ from, to: service, port: one.ports[port], protocol: "tcp" }));
}

function ingestion({ gateways }: Topology): readonly Edge[] {
  return to("hosts", "gateway", gateways, ["otlpGrpc", "otlpHttp"]);
}

function storing({ environment, prometheus, tempo, loki, jaeger, greptimedb }: Topology): readonly Edge[] {
  return [
    ...(environment.metrics.path === "scrape" ? [] : to("gateway", "prometheus", prometheus, ["http"])),
    ...to("gateway", "tempo", tempo, ["otlp"]),
    ...to("gateway", "jaeger", jaeger, ["otlp"]),
    ...to("gateway", "loki", loki, ["http"]),
    ...to("gateway", "greptimedb", greptimedb, ["http"]),
  ];
}

/** Prometheus scrapes every part, its own replicas included, and tells every Alertmanager. */
function monitoring(topology: Topology): readonly Edge[] {
  const { environment, gateways, prometheus, alertmanager, tempo, loki, jaeger, greptimedb, grafana } = topology;
  const scraped = environment.metrics.path === "scrape" ? (["metrics", "scrape"] as const) : (["metrics"] as const);
  const isOwn = environment.prometheus.external === undefined;
  if (!isOwn && monitoringNamespace(environment) === undefined) return [];
  const from = isOwn ? "prometheus" : "monitoring";
  return [
    ...to(from, "gateway", gateways, scraped),
    ...to(from, "prometheus", prometheus, ["http"]),
    ...to(from, "alertmanager", alertmanager, ["http"]),
    ...to(from, "tempo", tempo, ["http"]),
    ...to(from, "loki", loki, ["http"]),
    ...to(from, "jaeger", jaeger, ["metrics"]),
    ...to(from, "greptimedb", greptimedb, ["http"]),
    ...to(from, "grafana", grafana, ["http"]),
  ];
}

function showing({ grafana, prometheus, alertmanager, tempo, loki, jaeger, greptimedb }: Topology): readonly Edge[] {
  if (grafana === undefined) return [];
  return [
    ...to("grafana", "prometheus", prometheus, ["http"]),
    ...to("grafana", "alertmanager", alertmanager, ["http"]),
    ...to("grafana", "tempo", tempo, ["http"]),
    ...to("grafana", "loki", loki, ["http"]),
    ...to("grafana", "jaeger", jaeger, ["query"]),
    ...to("grafana", "greptimedb", greptimedb, ["http", "mysql"]),
  ];
}

/** Of the console, which asks and forwards to all but GreptimeDB. */
function browsing({ console: page, prometheus, alertmanager, tempo, loki, jaeger }: Topology): readonly Edge[] {
  if (page === undefined) return [];
  return [
    ...to("console", "prometheus", prometheus, ["http"]),
    ...to("console", "alertmanager", alertmanager, ["http"]),
    ...to("console", "tempo", tempo, ["http"]),
    ...to("console", "loki", loki, ["http"]),
    ...to("console", "jaeger", jaeger, ["query"]),
  ];
}

/** To people outside the cluster; an issuer may have the host's name proved through the same controller. */
function publishing({ environment, grafana }: Topology): readonly Edge[] {
  const { ingress } = environment.kubernetes;
  if (ingress === undefined) return [];
  const solver: Edge = { from: "ingress", to: "acme-solver", port: SOLVER_PORT, protocol: "tcp" };
  return [...to("ingress", "grafana", grafana, ["http"]), ...("issuer" in ingress.tls ? [solver] : [])];
}

/** Replicas among themselves. */
function peering({ environment, gateways, alertmanager, tempo, loki }: Topology): readonly Edge[] {
  const ring = <S extends "tempo" | "loki">(service: S, placed: Placed<S> | undefined) =>
    placed?.replicas === undefined ? [] : to(service, service, placed, ["grpc", "gossip"] as PortName<S>[]);
  return [
    ...ring("tempo", tempo),
    ...ring("loki", loki),
    ...(isSampling(environment.sampling) ? to("gateway", "gateway", gateways, ["peer"]) : []),
    ...(alertmanager.length > 1 ? to("alertmanager", "alertmanager", alertmanager, ["cluster"]) : []),
  ];
}

/** To addresses the environment names: object stores and databases, receivers of alerts, a Datadog Agent, an existing Prometheus or GreptimeDB. */
function leaving(topology: Topology): readonly Edge[] {
  const { environment } = topology;
  const { alertmanager, datadog } = environment;
  const { receivers, deadManSwitch } = alertmanager;
  const web = receivers.some(({ kind }) => kind !== "email") || deadManSwitch !== undefined;
  const ports: readonly (readonly [ServiceName, readonly (number | undefined)[]])[] = [
    ["alertmanager", [web ? 443 : undefined, ...mailPorts(environment)]],
    ["gateway", [datadog.enabled ? datadogPort(environment) : undefined]],
    ...storePorts(topology),
  ];
  const existing = [planExternalConnections, planGreptimedbConnections]
    .flatMap((plan) => plan(environment))
    .filter(({ from }) => from === "gateway" || topology.grafana !== undefined)
    .map((connection): Edge => ({ ...connection, protocol: "tcp" }));
  const named = ports.flatMap(([from, all]) =>
    all.filter((port) => port !== undefined).map((port): Edge => ({ from, to: "outside", port, protocol: "tcp" })),
  );
  return [...named, ...existing];
}

function mailPorts(environment: Environment): readonly number[] {
  return environment.alertmanager.receivers.flatMap((receiver) =>
    receiver.kind === "email" ? [podPortOf(environment, receiver.smarthost)] : [],
  );
}

/** Of an Agent, else of the site's intake. */
function datadogPort(environment: Environment): number {
  const { agentEndpoint } = environment.datadog;
  return agentEndpoint === undefined ? 443 : podPortOf(environment, toAddress(agentEndpoint));
}

/** Where backends keep their data, when that is not their own disk. */
function storePorts({ environment, ...placed }: Topology): readonly (readonly [ServiceName, readonly number[]])[] {
  const { jaeger, grafana } = environment;
  const portOf = (address: string) => podPortOf(environment, address);
  const blocks = (["tempo", "loki", "greptimedb"] as const).map((name) => {
    const { storage } = environment[name];
    const ports = storage.kind === "s3" ? [portOf(storage.endpoint), ...identityPorts(environment, storage)] : [];
    return [name, placed[name] === undefined ? [] : ports] as const;
  });
  return [
    ...blocks,
    ["jaeger", placed.jaeger === undefined ? [] : traceStores(jaeger.storage).map(portOf)],
    ["grafana", placed.grafana === undefined || !grafana.database ? [] : [portOf(grafana.database.address)]],
  ];
}

/** Where a pod without credentials asks for some: a cloud's token service, and what answers on its node. */
function identityPorts({ runtime }: Environment, { credentials }: { readonly credentials?: string | undefined }) {
  return runtime === "kubernetes" && credentials === undefined ? [80, 443] : [];
}
