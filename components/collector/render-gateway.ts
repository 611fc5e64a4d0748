import { tlsFiles } from "../runtime/workload.ts";
import type { CollectorConfig, Components, PipelineConfig } from "./config.ts";
import { memoryLimiter } from "./memory.ts";
import { TYPES } from "./names.ts";
import { planQueues } from "./plan-queues.ts";
import { renderDestination, type RenderedDestination, type Signal } from "./render-destinations.ts";
import { FROM_PEERS, PEER, renderPeerRouting, SAMPLED, TO_PEERS } from "./render-peers.ts";
import { isSampling, renderTailSampling, SAMPLED_BATCH } from "./render-sampling.ts";
import { commonExtensions, MEMORY_LIMITER, selfTelemetry, serverTls, STORAGE, TOKEN } from "./render-shared.ts";
import {
  AGGREGATED,
  CONVENTIONS,
  DROPPED,
  PRIVACY,
  REDACTION,
  renderGuards,
  SPAN_METRICS_SOURCE,
} from "./render-guards.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

const OTLP = TYPES.receiver.otlp;
const SPAN_METRICS = TYPES.connector.spanMetrics;
const SERVICE_GRAPH = TYPES.connector.serviceGraph;
const SAMPLER = TYPES.processor.tailSampling;
/** From an HTTP call to a workflow of an hour. */
const SPAN_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

/** The configuration of a gateway. */
export function renderGateway(settings: GatewaySettings): CollectorConfig {
  const { placement, sampling } = settings;
  const destinations = settings.destinations.map((destination) => renderDestination(destination, settings));
  const peers = isSampling(sampling) ? renderPeerRouting(settings, planQueues(settings).peerMiB) : undefined;
  const own = Object.assign({}, ...destinations.map((item) => item.extensions)) as Components;
  return {
    extensions: { ...commonExtensions(placement), ...own },
    receivers: renderReceivers(settings),
    processors: {
      [MEMORY_LIMITER]: memoryLimiter(placement.memoryMiB),
      ...renderGuards(settings),
      ...(isSampling(sampling)
        ? { [SAMPLER]: renderTailSampling(sampling), [SAMPLED_BATCH]: { timeout: "200ms", send_batch_size: 1024 } }
        : {}),
    },
    exporters: {
      ...(Object.assign({}, ...destinations.map((item) => item.exporters)) as Components),
      ...peers?.exporters,
      ...renderLocalExporters(settings),
    },
    connectors: { ...renderConnectors(settings), ...peers?.connectors },
    service: {
      extensions: [TYPES.extension.health, TOKEN, STORAGE, ...Object.keys(own)],
      telemetry: selfTelemetry(placement, "gateway"),
      pipelines: { ...renderPipelines(settings, destinations), ...peers?.pipelines },
    },
  };
}

function renderReceivers({ placement, sampling }: GatewaySettings): Components {
  const { bind, ports, paths } = placement;
  const guarded = (port: number) => ({
    endpoint: `${bind}:${port}`,
    tls: serverTls(tlsFiles(paths)),
    auth: { authenticator: TOKEN },
  });
  // Clients look a name up again only for a new connection: without an end, a new copy would never be found.
  const ageing =
    placement.replicas === undefined
      ? {}
      : { keepalive: { server_parameters: { max_connection_age: "2m", max_connection_age_grace: "30s" } } };
  return {
    [OTLP]: { protocols: { grpc: { ...guarded(ports.otlpGrpc), ...ageing }, http: guarded(ports.otlpHttp) } },
    ...(isSampling(sampling) ? { [PEER]: { protocols: { grpc: guarded(ports.peer) } } } : {}),
  };
}

function renderLocalExporters({ placement, scrapeEnabled, debugEnabled }: GatewaySettings): Components {
  const scrape = {
    endpoint: `${placement.bind}:${placement.ports.scrape}`,
    tls: serverTls(tlsFiles(placement.paths)),
    // Exemplars are served in OpenMetrics only (C-36).
    enable_open_metrics: true,
    resource_to_telemetry_conversion: { enabled: true },
  };
  return {
    ...(scrapeEnabled ? { [TYPES.exporter.prometheus]: scrape } : {}),
    ...(debugEnabled ? { [TYPES.exporter.debug]: { verbosity: "basic" } } : {}),
  };
}

function renderConnectors(settings: GatewaySettings): Components {
  if (!hasMetrics(settings)) return {};
  return {
    [SPAN_METRICS]: {
      histogram: {
        unit: "s",
        explicit: {
          buckets: SPAN_SECONDS.map((seconds) => `${seconds}s`),
        },
      },
      exemplars: { enabled: true },
      // Exceptions are events of spans: a timeout is one of them (S1-90).
      events: { enabled: true, dimensions: [{ name: "exception.type" }] },
      // An allow-list, with a ceiling: identifiers must not become series (C-27).
      dimensions: [
        { name: "http.route" },
        { name: "http.request.method" },
        { name: "http.response.status_code" },
        { name: "messaging.system" },
        { name: "db.system.name" },
      ],
      aggregation_cardinality_limit: 20_000,
      resource_metrics_key_attributes: [
        "service.name",
        "service.namespace",
        "deployment.environment.name",
        "host.name",
      ],
      metrics_flush_interval: "15s",
      metrics_expiration: "1h",
    },
    [SERVICE_GRAPH]: { store: { ttl: "5s", max_items: 5000 }, metrics_flush_interval: "15s" },
  };
}

function hasMetrics({ destinations, scrapeEnabled }: GatewaySettings): boolean {
  return scrapeEnabled || destinations.some(takesMetrics);
}

/** Datadog's intake takes no cumulative metrics; its Agent does. */
function takesMetrics(destination: Destination): boolean {
  const { kind } = destination;
  return (
    kind === "prometheus" ||
    kind === "external-prometheus" ||
    kind === "greptimedb" ||
    kind === "external-greptimedb" ||
    (kind === "datadog" && "agent" in destination)
  );
}

function renderPipelines(
  settings: GatewaySettings,
  destinations: readonly RenderedDestination[],
): Record<string, PipelineConfig> {
  const { sampling, scrapeEnabled, debugEnabled } = settings;
  const debug = debugEnabled ? [TYPES.exporter.debug] : [];
  const to = (signal: Signal) => [...destinations.flatMap(({ takes }) => takes[signal] ?? []), ...debug];
  const metricExporters = [...to("metrics"), ...(scrapeEnabled ? [TYPES.exporter.prometheus] : [])];
  const connectors = hasMetrics(settings) ? [SPAN_METRICS, SERVICE_GRAPH] : [];
  const guards = [MEMORY_LIMITER, CONVENTIONS, PRIVACY, REDACTION];
  const traces = isSampling(sampling) ? [TO_PEERS] : to("traces");
  const pipelines: Record<string, PipelineConfig> = {
    // Span metrics and the service graph count every span, before any is sampled away (C-03).
    traces: { receivers: [OTLP], processors: guards, exporters: [...connectors, ...traces] },
    metrics: {
      receivers: [OTLP],
      processors: [MEMORY_LIMITER, CONVENTIONS, PRIVACY, DROPPED, AGGREGATED],
      exporters: metricExporters,
    },
    "metrics/spans": {
      receivers: connectors,
      processors: [MEMORY_LIMITER, SPAN_METRICS_SOURCE],
      exporters: metricExporters,
    },
    logs: { receivers: [OTLP], processors: guards, exporters: to("logs") },
    ...(isSampling(sampling)
      ? {
          // The one batch processor: the sampler hands on one trace a call, each of which would be a disk write.
          [SAMPLED]: {
            receivers: [TO_PEERS, FROM_PEERS],
            processors: [SAMPLER, SAMPLED_BATCH],
            exporters: to("traces"),
          },
        }
      : {}),
  };
  return withoutUnused(pipelines, settings);
}

/** Leaves out processors this environment does not configure, and pipelines that lead nowhere. */
function withoutUnused(
  pipelines: Record<string, PipelineConfig>,
  settings: GatewaySettings,
): Record<string, PipelineConfig> {
  const configured = new Set([MEMORY_LIMITER, SAMPLER, SAMPLED_BATCH, ...Object.keys(renderGuards(settings))]);
  return Object.fromEntries(
    Object.entries(pipelines)
      .filter(([, { receivers, exporters }]) => receivers.length > 0 && exporters.length > 0)
      .map(([name, pipeline]) => [
        name,
        { ...pipeline, processors: pipeline.processors.filter((id) => configured.has(id)) },
      ]),
  );
}
