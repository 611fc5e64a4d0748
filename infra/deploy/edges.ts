import { isSampling } from "../../components/collector/render-sampling.ts";
import type { PortName, ServiceName } from "../topology/ports.ts";
import type { Placed, Topology } from "../topology/topology.ts";

/** Who opens a connection or is connected to: a service, hosts and people around the cluster, or the internet. */
export type Party = ServiceName | "hosts" | "outside";

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
  return [
    ...to("prometheus", "gateway", gateways, scraped),
    ...to("prometheus", "prometheus", prometheus, ["http"]),
    ...to("prometheus", "alertmanager", alertmanager, ["http"]),
    ...to("prometheus", "tempo", tempo, ["http"]),
    ...to("prometheus", "loki", loki, ["http"]),
    ...to("prometheus", "jaeger", jaeger, ["metrics"]),
    ...to("prometheus", "greptimedb", greptimedb, ["http"]),
    ...to("prometheus", "grafana", grafana, ["http"]),
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

/** To addresses the environment names: object stores and databases, receivers of alerts, a Datadog Agent. */
function leaving(topology: Topology): readonly Edge[] {
  const { alertmanager, datadog } = topology.environment;
  const { receivers, deadManSwitch } = alertmanager;
  const web = receivers.some(({ kind }) => kind !== "email") || deadManSwitch !== undefined;
  const ports: readonly (readonly [ServiceName, readonly (number | undefined)[]])[] = [
    ["alertmanager", [web ? 443 : undefined, ...receivers.map(mailPort)]],
    ["gateway", [datadog.enabled ? (datadog.agentEndpoint?.port ?? 443) : undefined]],
    ...storePorts(topology),
  ];
  return ports.flatMap(([from, all]) =>
    all.filter((port) => port !== undefined).map((port): Edge => ({ from, to: "outside", port, protocol: "tcp" })),
  );
}

type Receiver = Topology["environment"]["alertmanager"]["receivers"][number];

function mailPort(receiver: Receiver): number | undefined {
  return receiver.kind === "email" ? portOf(receiver.smarthost) : undefined;
}

/** Where backends keep their data, when that is not their own disk. */
function storePorts({ environment, ...placed }: Topology): readonly (readonly [ServiceName, readonly number[]])[] {
  const { jaeger, grafana } = environment;
  const blocks = (["tempo", "loki", "greptimedb"] as const).map((name) => {
    const { storage } = environment[name];
    return [name, placed[name] !== undefined && storage.kind === "s3" ? [portOf(storage.endpoint)] : []] as const;
  });
  return [
    ...blocks,
    ["jaeger", placed.jaeger === undefined ? [] : traceStores(jaeger.storage).map(portOf)],
    ["grafana", placed.grafana === undefined || !grafana.database ? [] : [portOf(grafana.database.address)]],
  ];
}

function traceStores(storage: Topology["environment"]["jaeger"]["storage"]): readonly string[] {
  if (typeof storage === "string") return [];
  return storage.kind === "clickhouse" ? storage.addresses : storage.urls.map((url) => new URL(url).host);
}

/** Port of something named as `host` or `host:port`. */
function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1] ?? 443);
}
