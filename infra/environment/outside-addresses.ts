import { parseAddress, portOfUrl, toAddress } from "../../components/core/endpoint.ts";
import type { Environment } from "./schema.ts";

/** What an environment names that gateways, Grafana, Alertmanager and backends dial: URLs, `host:port`, or a host for 443. */
export function outsideAddresses(environment: Environment): readonly string[] {
  const { prometheus, greptimedb, tempo, loki, jaeger, grafana, datadog, alertmanager } = environment;
  const { agentEndpoint } = datadog;
  const metrics = prometheus.external;
  const rows = greptimedb.external;
  return [
    ...(metrics === undefined ? [] : [metrics.url, ...(metrics.writeUrls ?? [])]),
    ...(rows === undefined ? [] : [rows.url, ...(rows.mysql === undefined ? [] : [rows.mysql])]),
    ...[tempo, loki, greptimedb].flatMap(({ storage }) => (storage.kind === "s3" ? [storage.endpoint] : [])),
    ...traceStores(jaeger.storage),
    ...(grafana.database === undefined ? [] : [grafana.database.address]),
    ...(agentEndpoint === undefined ? [] : [toAddress(agentEndpoint)]),
    ...alertmanager.receivers.flatMap((receiver) => (receiver.kind === "email" ? [receiver.smarthost] : [])),
  ];
}

/** Where Jaeger keeps traces that are on no disk of its own. */
export function traceStores(storage: Environment["jaeger"]["storage"]): readonly string[] {
  if (typeof storage === "string") return [];
  return storage.kind === "clickhouse" ? storage.addresses : storage.urls;
}

/**
 * Port on which an address is reached as a network policy counts: that of the pods behind it, which is the address's own
 * unless `kubernetes.podPorts` says otherwise.
 */
export function podPortOf({ kubernetes }: Environment, address: string): number {
  const named = toHostAndPort(address);
  const said = Object.entries(kubernetes.podPorts).find(([key]) => toHostAndPort(key) === named);
  return said?.[1] ?? parseAddress(named).port;
}

/** `host:port` of what {@link outsideAddresses} names, however it is written. */
export function toHostAndPort(address: string): string {
  if (address.includes("://")) return `${new URL(address).hostname}:${portOfUrl(address)}`;
  return (/:\d+$/.test(address) ? address : `${address}:443`).toLowerCase();
}
