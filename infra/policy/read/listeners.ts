import type { Unit } from "../model.ts";
import { collectorsOf } from "./collector.ts";
import { argument, fileOf } from "./file.ts";
import { at, numberAt, textAt, textsAt, treeAt } from "./known.ts";
import { isWildcard, type Listening, toAddress, webFileTls, webTls } from "./listener.ts";
import { collectorListeners, jaegerListeners } from "./listeners-collector.ts";

type Reader = (unit: Unit) => readonly Listening[];

/** How each program says where it listens. */
const READERS: Readonly<Record<string, Reader>> = {
  otelcol: (unit) => collectorsOf([unit]).flatMap(({ body }) => collectorListeners(body)),
  jaeger: jaegerListeners,
  loki: (unit) => dskitListeners(unit, "loki.yaml"),
  tempo: (unit) => [
    ...dskitListeners(unit, "tempo.yaml"),
    ...collectorListeners(treeAt(fileOf(unit, "tempo.yaml"), "distributor")),
  ],
  prometheus: (unit) => [
    fromArgument(unit, "web", ["web.listen-address"], webFileTls(unit, "web.config.file"), "0.0.0.0:9090"),
  ],
  alertmanager: (unit) => [
    fromArgument(unit, "web", ["web.listen-address"], webFileTls(unit, "web.config.file"), "0.0.0.0:9093"),
    clusterListener(unit),
  ],
  node_exporter: (unit) => [
    fromArgument(unit, "web", ["web.listen-address"], webFileTls(unit, "web.config.file"), "0.0.0.0:9100"),
  ],
  "dcgm-exporter": (unit) => [
    fromArgument(unit, "web", ["a", "address"], webFileTls(unit, "web-config-file"), "0.0.0.0:9400"),
  ],
  "dcgm-simulator": (unit) => [fromArgument(unit, "web", ["listen"], "none", "127.0.0.1:9400")],
  grafana: (unit) => [grafanaListener(unit)],
  greptimedb: greptimedbListeners,
};

/** Every port a unit listens on: what its configuration says, and what it declares beside that. */
export function listenersOf(unit: Unit): readonly Listening[] {
  const configured = (READERS[unit.program] ?? (() => []))(unit);
  const known = new Set(configured.map(({ port }) => port));
  const declared = unit.declared
    .filter(({ port }) => !known.has(port))
    .map(({ name, host, port, protocol, access }): Listening => {
      const tls =
        access === undefined || access.startsWith("plaintext") ? "none" : access === "password" ? "server" : "mutual";
      return { name: `port ${name}`, host, port, protocol: protocolOf(protocol), tls };
    });
  return [...configured, ...declared];
}

function protocolOf(text: string): Listening["protocol"] {
  const lower = text.toLowerCase();
  return lower === "udp" || lower === "tcp+udp" ? lower : "tcp";
}

function fromArgument(
  unit: Unit,
  name: string,
  names: readonly string[],
  tls: Listening["tls"],
  otherwise: string,
): Listening {
  return { name, ...toAddress(argument(unit, ...names) ?? otherwise), protocol: "tcp", tls };
}

/** Gossip is TCP and UDP until it is given TLS. */
function clusterListener(unit: Unit): Listening {
  const tls = webFileTls(unit, "cluster.tls-config");
  const listener = fromArgument(unit, "cluster", ["cluster.listen-address"], tls, "0.0.0.0:9094");
  return tls === "none" ? { ...listener, protocol: "tcp+udp" } : listener;
}

function dskitListeners(unit: Unit, file: string): readonly Listening[] {
  const server = at(fileOf(unit, file), "server");
  if (server === undefined) return [];
  const servers = (["http", "grpc"] as const).map((kind): Listening => ({
    name: `server ${kind}`,
    host: textAt(server, `${kind}_listen_address`),
    port: numberAt(server, `${kind}_listen_port`) ?? (kind === "http" ? 80 : 9095),
    protocol: "tcp",
    tls: webTls(at(server, `${kind}_tls_config`)),
  }));
  return [...servers, ...gossipListener(unit, file)];
}

/** Copies find each other by it; only where there are several. */
function gossipListener(unit: Unit, file: string): readonly Listening[] {
  const gossip = at(fileOf(unit, file), "memberlist");
  const port = numberAt(gossip, "bind_port");
  if (port === undefined) return [];
  const tls = at(gossip, "tls_enabled") === true ? "server" : "none";
  return [{ name: "gossip", host: textsAt(gossip, "bind_addr")[0] ?? "", port, protocol: "tcp", tls }];
}

function grafanaListener({ env }: Unit): Listening {
  const tls = env["GF_SERVER_PROTOCOL"] === "https" ? "server" : "none";
  const port = Number(env["GF_SERVER_HTTP_PORT"] ?? 3000);
  return { name: "web", host: env["GF_SERVER_HTTP_ADDR"] ?? "", port, protocol: "tcp", tls };
}

/** `--tls-mode` speaks for MySQL, PostgreSQL and gRPC; HTTP has no TLS in GreptimeDB at all. */
function greptimedbListeners(unit: Unit): readonly Listening[] {
  const tls = argument(unit, "tls-mode") === "require" ? "server" : "none";
  const ports: readonly [name: string, argument: string, port: string, tls: Listening["tls"]][] = [
    ["http", "http-addr", "127.0.0.1:4000", "none"],
    ["grpc", "grpc-bind-addr", "127.0.0.1:4001", tls],
    ["mysql", "mysql-addr", "127.0.0.1:4002", tls],
    ["postgres", "postgres-addr", "127.0.0.1:4003", tls],
  ];
  return ports.map(([name, flag, otherwise, mode]) => fromArgument(unit, name, [flag], mode, otherwise));
}

/** Whether two listeners of one machine ask for the same port. */
export function clash(a: Listening, b: Listening): boolean {
  const protocols = (listener: Listening) => listener.protocol.split("+");
  return (
    a.port === b.port &&
    protocols(a).some((protocol) => protocols(b).includes(protocol)) &&
    (a.host === b.host || isWildcard(a.host) || isWildcard(b.host))
  );
}
