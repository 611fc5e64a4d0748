import { type Address, toAddress, toEndpoint } from "../core/endpoint.ts";
import { TENANT_HEADER } from "../prometheus/external/access.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import { planQueues } from "./plan-queues.ts";
import { clientTls, diskQueue, FAST_COMPRESSION, RETRY_FOREVER } from "./render-shared.ts";
import { signIn, tlsTo } from "./render-external.ts";
import { renderExternalGreptimedb, renderGreptimedb } from "./render-greptimedb.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

export type Signal = "traces" | "metrics" | "logs";

/** What a destination adds to a gateway. */
export interface RenderedDestination {
  readonly exporters: Components;
  readonly extensions: Components;
  /** Exporters by the signal they take. */
  readonly takes: Readonly<Partial<Record<Signal, readonly string[]>>>;
}

/** File that holds the key of Datadog's intake. */
export const DATADOG_KEY_FILE = "datadog-api-key";

/** Renders one destination; switching a backend changes this and nothing before it (S0-51, S0-72). */
export function renderDestination(destination: Destination, settings: GatewaySettings): RenderedDestination {
  const tls = clientTls(tlsFiles(settings.placement.paths));
  const { backendMiB: sizeMiB } = planQueues(settings);
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
            remoteWrite(
              { name: destination.name, endpoint: toEndpoint("https", destination.address, "/api/v1/write"), tls },
              settings,
            ),
          );
    case "external-prometheus":
      return externalPrometheus(destination, settings, sending);
    case "tempo":
    case "jaeger":
      return only("traces", componentId(TYPES.exporter.otlpGrpc, destination.kind), {
        endpoint: toAddress(destination.address),
        tls,
        compression: FAST_COMPRESSION,
        ...sending,
        // Agents, peers and the sampler hand over batches: to make them again would cost each backend a copy.
        sending_queue: diskQueue({ sizeMiB, blockWhenFull: false, flush: "none" }),
      });
    case "loki":
      return only("logs", componentId(TYPES.exporter.otlpHttp, "loki"), {
        endpoint: toEndpoint("https", destination.address, "/otlp"),
        tls,
        ...sending,
      });
    case "greptimedb":
      return renderGreptimedb(destination, settings, sending);
    case "external-greptimedb":
      return renderExternalGreptimedb(destination, settings, sending);
    case "datadog":
      return "agent" in destination
        ? datadogAgent(destination.agent, sending)
        : datadogIntake(destination.site, settings, sending);
  }
}

function only(signal: Signal, id: string, exporter: object): RenderedDestination {
  return { exporters: { [id]: exporter }, extensions: {}, takes: { [signal]: [id] } };
}

/** Remote write has no queue on disk; its write-ahead log is what survives a crash. */
function remoteWrite(
  { name, endpoint, tls }: { readonly name: string; readonly endpoint: string; readonly tls: object },
  { placement }: GatewaySettings,
): object {
  return {
    endpoint,
    tls,
    retry_on_failure: RETRY_FOREVER,
    resource_to_telemetry_conversion: { enabled: true },
    // 0.145 sends what it holds when its buffer is full or when it truncates: the default would be a minute.
    wal: { directory: within(placement.paths.data, `queue/wal-${name}`), truncate_frequency: "5s" },
  };
}

/** Like our own, but it is signed in to, and asks for no certificate. */
function externalPrometheus(
  destination: Extract<Destination, { kind: "external-prometheus" }>,
  settings: GatewaySettings,
  sending: object,
): RenderedDestination {
  const { kind, name, endpoint, path, access } = destination;
  const { extensions, auth } = signIn(kind, access, settings);
  const common = { ...auth, ...(access.tenant === undefined ? {} : { headers: { [TENANT_HEADER]: access.tenant } }) };
  const tls = tlsTo(access);
  const [id, exporter] =
    path === "otlp"
      ? [componentId(TYPES.exporter.otlpHttp, name), { endpoint, tls, ...sending }]
      : [componentId(TYPES.exporter.prometheusRemoteWrite, name), remoteWrite({ name, endpoint, tls }, settings)];
  return { ...only("metrics", id, { ...exporter, ...common }), extensions };
}

/**
 * An Agent's OTLP receiver has neither TLS nor a password: like GreptimeDB it must stay on a network of its own. Its
 * metrics have our tags with `otlp_config.metrics.resource_attributes_as_tags: true`; it takes logs with
 * `otlp_config.logs.enabled: true`.
 */
function datadogAgent(address: Address, sending: object): RenderedDestination {
  const id = componentId(TYPES.exporter.otlpGrpc, "datadog");
  return {
    extensions: {},
    exporters: { [id]: { endpoint: toAddress(address), tls: { insecure: true }, ...sending } },
    takes: { traces: [id], metrics: [id], logs: [id] },
  };
}

/** One exporter a signal, because only traces ask for `trace.*` metrics to be made of them. */
function datadogIntake(
  site: string,
  { placement }: GatewaySettings,
  sending: { readonly sending_queue: object },
): RenderedDestination {
  const key = `\${file:${within(placement.paths.secrets, DATADOG_KEY_FILE)}}`;
  const headers = { traces: { "dd-api-key": key, compute_stats: "true" }, logs: { "dd-api-key": key } };
  // More than 3.2 MB in one request is refused for good (413).
  const small = {
    ...sending.sending_queue,
    batch: { sizer: "items", flush_timeout: "1s", min_size: 256, max_size: 512 },
  };
  const idOf = (signal: string) => componentId(TYPES.exporter.otlpHttp, `datadog-${signal}`);
  return {
    extensions: {},
    exporters: Object.fromEntries(
      Object.entries(headers).map(([signal, own]) => [
        idOf(signal),
        { endpoint: `https://otlp.${site}`, headers: own, ...sending, sending_queue: small },
      ]),
    ),
    takes: { traces: [idOf("traces")], logs: [idOf("logs")] },
  };
}
