import { toAddress } from "../core/endpoint.ts";
import { tlsFiles } from "../runtime/workload.ts";
import type { CollectorConfig, Components, PipelineConfig } from "./config.ts";
import { memoryLimiter } from "./memory.ts";
import { componentId, TYPES } from "./names.ts";
import { clusterAttributes, receiveOn, renderPodAttributes } from "./render-cluster.ts";
import { BLANK_DCGM_VALUES, renderGpuTransform } from "./render-gpu-transform.ts";
import { KERNEL_LINES, renderKernelLog, renderNvidiaLog } from "./render-kernel-logs.ts";
import {
  clientTls,
  commonExtensions,
  diskQueue,
  MEMORY_LIMITER,
  RETRY_FOREVER,
  selfTelemetry,
  STORAGE,
  TOKEN,
} from "./render-shared.ts";
import type { AgentSettings } from "./settings.ts";
import { renderXidConnectors, renderXidPipeline, renderXidProcessors, XID_COUNTER } from "./render-xid-counter.ts";

const SIGNALS = ["traces", "metrics", "logs"] as const;
type Signal = (typeof SIGNALS)[number];

const DETECTION = TYPES.processor.resourceDetection;
const HOST = componentId(TYPES.processor.resource, "host");
const GPU = componentId(TYPES.processor.transform, "gpu");
const BLANKS = componentId(TYPES.processor.filter, "blank_dcgm_values");
const DROPPED = componentId(TYPES.processor.filter, "dropped");
const KERNEL = componentId(TYPES.processor.transform, "kernel");

/** The configuration of an agent. */
export function renderAgent(settings: AgentSettings): CollectorConfig {
  const sending = settings.gateways.length > 1 ? renderFailover(settings) : renderDirect(settings);
  const { placement } = settings;
  return {
    extensions: commonExtensions(placement),
    receivers: renderReceivers(settings),
    processors: renderProcessors(settings),
    exporters: sending.exporters,
    connectors: { ...renderXidConnectors(), ...sending.connectors },
    service: {
      extensions: [TYPES.extension.health, TOKEN, STORAGE],
      telemetry: selfTelemetry(placement, "agent"),
      pipelines: { ...renderCollection(settings, sending.entry), ...sending.pipelines },
    },
  };
}

function renderReceivers(settings: AgentSettings): Components {
  const { placement, scrapes, scrapeInterval, kernelLogs, nvidiaLogs, cluster } = settings;
  const { bind, ports } = placement;
  const receive = receiveOn(settings);
  const jobs = { ...scrapes, agent: { host: bind, port: ports.metrics } };
  return {
    // Plaintext on the host itself: applications send to localhost:4317 (S0-20, S0-59).
    [TYPES.receiver.otlp]: {
      protocols: {
        grpc: { endpoint: `${receive}:${ports.otlpGrpc}` },
        http: { endpoint: `${receive}:${ports.otlpHttp}` },
      },
    },
    [TYPES.receiver.prometheus]: {
      config: {
        scrape_configs: Object.entries(jobs).map(([job, address]) => ({
          job_name: job,
          scrape_interval: scrapeInterval,
          // The exporter's own pod and namespace labels stay what they are.
          honor_labels: true,
          static_configs: [{ targets: [toAddress(address)] }],
        })),
      },
    },
    [TYPES.receiver.hostMetrics]: {
      collection_interval: scrapeInterval,
      ...(cluster === undefined ? {} : { root_path: cluster.rootPath }),
      scrapers: {
        cpu: { metrics: { "system.cpu.utilization": { enabled: true } } },
        disk: {},
        filesystem: { metrics: { "system.filesystem.utilization": { enabled: true } } },
        load: {},
        memory: { metrics: { "system.memory.utilization": { enabled: true } } },
        network: {},
        paging: {},
      },
    },
    [componentId(TYPES.receiver.fileLog, "kernel")]: renderKernelLog(kernelLogs),
    ...(nvidiaLogs.length === 0
      ? {}
      : { [componentId(TYPES.receiver.fileLog, "nvidia")]: renderNvidiaLog(nvidiaLogs) }),
  };
}

function renderProcessors(settings: AgentSettings): Components {
  const { placement, environment, hostName, labels = {}, dropMetrics = [] } = settings;
  return {
    [MEMORY_LIMITER]: memoryLimiter(placement.memoryMiB),
    [DETECTION]: { detectors: ["env", "system"], timeout: "2s", override: false },
    [HOST]: {
      attributes: [
        { key: "host.name", value: hostName, action: "upsert" },
        { key: "deployment.environment.name", value: environment, action: "upsert" },
        // What hostmetrics and logs lack; an SDK's own value stays.
        { key: "service.name", value: "host", action: "insert" },
        { key: "service.instance.id", value: hostName, action: "insert" },
        // As conventions name those of containers, nodes and pods: container.label.<key>.
        ...Object.entries(labels).map(([key, value]) => ({ key: `host.label.${key}`, value, action: "upsert" })),
        ...clusterAttributes(settings),
      ],
    },
    ...renderPodAttributes(settings),
    [BLANKS]: BLANK_DCGM_VALUES,
    [GPU]: renderGpuTransform(),
    [KERNEL]: KERNEL_LINES,
    ...renderXidProcessors(),
    ...(dropMetrics.length === 0
      ? {}
      : {
          [DROPPED]: {
            error_mode: "ignore",
            metrics: { metric: dropMetrics.map((name) => `IsMatch(name, ${JSON.stringify(name)})`) },
          },
        }),
  };
}

function renderCollection(
  settings: AgentSettings,
  entry: Readonly<Record<Signal, string>>,
): Record<string, PipelineConfig> {
  const { nvidiaLogs, dropMetrics = [] } = settings;
  const resource = [DETECTION, HOST, ...Object.keys(renderPodAttributes(settings))];
  const files = ["kernel", ...(nvidiaLogs.length === 0 ? [] : ["nvidia"])].map((name) =>
    componentId(TYPES.receiver.fileLog, name),
  );
  return {
    traces: { receivers: [TYPES.receiver.otlp], processors: [MEMORY_LIMITER, ...resource], exporters: [entry.traces] },
    metrics: {
      receivers: [TYPES.receiver.otlp, TYPES.receiver.prometheus, TYPES.receiver.hostMetrics],
      processors: [MEMORY_LIMITER, BLANKS, ...(dropMetrics.length === 0 ? [] : [DROPPED]), GPU, ...resource],
      exporters: [entry.metrics],
    },
    logs: {
      receivers: [TYPES.receiver.otlp, ...files],
      processors: [MEMORY_LIMITER, KERNEL, ...resource],
      exporters: [entry.logs, XID_COUNTER],
    },
    "metrics/xid": renderXidPipeline(entry.metrics),
  };
}

interface Sending {
  readonly exporters: Components;
  readonly connectors: Components;
  readonly pipelines: Readonly<Record<string, PipelineConfig>>;
  /** What each signal's pipeline exports to. */
  readonly entry: Readonly<Record<Signal, string>>;
}

/** One name for all gateways: the resolver of gRPC finds them, the queue is the exporter's own. */
function renderDirect({ gateways, placement, queueMiB = 512 }: AgentSettings): Sending {
  const [gateway] = gateways;
  const id = componentId(TYPES.exporter.otlpGrpc, "gateways");
  const exporter = {
    endpoint: `dns:///${gateway === undefined ? "" : toAddress(gateway)}`,
    balancer_name: "round_robin",
    ...toGateway(placement),
    retry_on_failure: RETRY_FOREVER,
    sending_queue: diskQueue({ sizeMiB: queueMiB, blockWhenFull: true }),
  };
  return { exporters: { [id]: exporter }, connectors: {}, pipelines: {}, entry: forEachSignal(() => id) };
}

/**
 * Several gateways: the failover connector's own disk-backed queue stands in front of one exporter a gateway,
 * which neither queues nor retries, so that an error moves the batch to the next gateway at once (S0-29). The
 * connector does not retry when all have failed; the last level does, from a queue on disk of its own.
 */
function renderFailover({ gateways, placement, queueMiB = 512 }: AgentSettings): Sending {
  const sizeMiB = Math.floor(queueMiB / (2 * SIGNALS.length));
  const once = { retry_on_failure: { enabled: false }, sending_queue: { enabled: false } };
  const again = { retry_on_failure: RETRY_FOREVER, sending_queue: diskQueue({ sizeMiB, blockWhenFull: true }) };
  const levels = [
    ...gateways.map((address, index) => ({ name: `gateway_${index + 1}`, address, behaviour: once })),
    ...gateways.slice(0, 1).map((address) => ({ name: "gateway_again", address, behaviour: again })),
  ];
  const exporterOf = (level: string) => componentId(TYPES.exporter.otlpGrpc, level);
  const connectorOf = (signal: Signal) => componentId(TYPES.connector.failover, signal);
  return {
    exporters: Object.fromEntries(
      levels.map(({ name, address, behaviour }) => [
        exporterOf(name),
        { endpoint: toAddress(address), ...toGateway(placement), ...behaviour },
      ]),
    ),
    connectors: forEachSignal(
      (signal) => ({
        priority_levels: levels.map(({ name }) => [`${signal}/${name}`]),
        retry_interval: "5s",
        sending_queue: diskQueue({ sizeMiB, blockWhenFull: true }),
      }),
      connectorOf,
    ),
    pipelines: Object.fromEntries(
      SIGNALS.flatMap((signal) =>
        levels.map(({ name }) => [
          `${signal}/${name}`,
          { receivers: [connectorOf(signal)], processors: [], exporters: [exporterOf(name)] },
        ]),
      ),
    ),
    entry: forEachSignal(connectorOf),
  };
}

function toGateway({ paths }: AgentSettings["placement"]): object {
  return { tls: clientTls(tlsFiles(paths)), auth: { authenticator: TOKEN }, timeout: "5s", compression: "gzip" };
}

function forEachSignal<T>(valueOf: (signal: Signal) => T): Record<Signal, T>;
function forEachSignal<T>(valueOf: (signal: Signal) => T, keyOf: (signal: Signal) => string): Record<string, T>;
function forEachSignal<T>(
  valueOf: (signal: Signal) => T,
  keyOf: (signal: Signal) => string = (signal) => signal,
): Record<string, T> {
  return Object.fromEntries(SIGNALS.map((signal) => [keyOf(signal), valueOf(signal)]));
}
