import { toAddress, toEndpoint } from "../core/endpoint.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import { clientTls, diskQueue, RETRY_FOREVER } from "./render-shared.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

export type Signal = "traces" | "metrics" | "logs";

/** What a destination adds to a gateway. */
export interface RenderedDestination {
  readonly exporters: Components;
  readonly extensions: Components;
  /** Exporters by the signal they take. */
  readonly takes: Readonly<Partial<Record<Signal, readonly string[]>>>;
}

/** File that holds GreptimeDB's password. */
export const GREPTIMEDB_PASSWORD_FILE = "greptimedb-password";

/** Renders one destination; switching a backend changes this and nothing before it (S0-51, S0-72). */
export function renderDestination(destination: Destination, settings: GatewaySettings): RenderedDestination {
  const tls = clientTls(tlsFiles(settings.placement.paths));
  const sizeMiB = Math.max(16, Math.floor(settings.queueMiB / Math.max(1, settings.destinations.length)));
  // A full queue drops, and says so in otelcol_exporter_enqueue_failed_*: waiting would stop every other backend.
  const sending = {
    retry_on_failure: RETRY_FOREVER,
    sending_queue: diskQueue({ sizeMiB, blockWhenFull: false }),
    timeout: "10s",
  };
  switch (destination.kind) {
    case "prometheus":
      return destination.path === "otlp"
        ? only("metrics", componentId(TYPES.exporter.otlpHttp, destination.name), {
            endpoint: toEndpoint("https", destination.address, "/api/v1/otlp"),
            tls,
            ...sending,
          })
        : only(
            "metrics",
            componentId(TYPES.exporter.prometheusRemoteWrite, destination.name),
            remoteWrite(destination, settings, tls),
          );
    case "tempo":
    case "jaeger":
      return only("traces", componentId(TYPES.exporter.otlpGrpc, destination.kind), {
        endpoint: toAddress(destination.address),
        tls,
        ...sending,
      });
    case "loki":
      return only("logs", componentId(TYPES.exporter.otlpHttp, "loki"), {
        endpoint: toEndpoint("https", destination.address, "/otlp"),
        tls,
        ...sending,
      });
    case "greptimedb":
      return greptimedb(destination, settings, sending);
  }
}

function only(signal: Signal, id: string, exporter: object): RenderedDestination {
  return { exporters: { [id]: exporter }, extensions: {}, takes: { [signal]: [id] } };
}

/** Remote write has no queue on disk; its write-ahead log is what survives a crash. */
function remoteWrite(
  { name, address }: Extract<Destination, { kind: "prometheus" }>,
  { placement }: GatewaySettings,
  tls: object,
): object {
  return {
    endpoint: toEndpoint("https", address, "/api/v1/write"),
    tls,
    retry_on_failure: RETRY_FOREVER,
    resource_to_telemetry_conversion: { enabled: true },
    // 0.145 sends what it holds when its buffer is full or when it truncates: the default would be a minute.
    wal: { directory: within(placement.paths.data, `queue/wal-${name}`), truncate_frequency: "5s" },
  };
}

/**
 * GreptimeDB takes OTLP over HTTP only, one exporter a signal because each needs headers of its own (C-09).
 * Its HTTP listener has no TLS upstream: it must stay on a network of its own.
 */
function greptimedb(
  { address, user }: Extract<Destination, { kind: "greptimedb" }>,
  { placement }: GatewaySettings,
  sending: object,
): RenderedDestination {
  const auth = componentId(TYPES.extension.basicAuth, "greptimedb");
  const database = { "x-greptime-db-name": "public" };
  const headers: Readonly<Record<Signal, Record<string, string>>> = {
    traces: { ...database, "x-greptime-pipeline-name": "greptime_trace_v1" },
    metrics: { ...database, "x-greptime-otlp-metric-promote-all-resource-attrs": "true" },
    logs: database,
  };
  const signals = Object.keys(headers) as Signal[];
  const idOf = (signal: Signal) => componentId(TYPES.exporter.otlpHttp, `greptimedb-${signal}`);
  const password = `\${file:${within(placement.paths.secrets, GREPTIMEDB_PASSWORD_FILE)}}`;
  return {
    extensions: { [auth]: { client_auth: { username: user, password } } },
    exporters: Object.fromEntries(
      signals.map((signal) => [
        idOf(signal),
        {
          endpoint: toEndpoint("http", address, "/v1/otlp"),
          headers: headers[signal],
          auth: { authenticator: auth },
          ...sending,
        },
      ]),
    ),
    takes: Object.fromEntries(signals.map((signal) => [signal, [idOf(signal)]])),
  };
}
