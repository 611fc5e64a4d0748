import type { CollectorConfig } from "../../../components/collector/config.ts";
import type { AgentSettings, Destination, GatewaySettings } from "../../../components/collector/settings.ts";
import type { Placement } from "../../../components/runtime/placement.ts";
import { PROCESS_PATHS } from "../../../components/runtime/workload.ts";

function placement<Port extends string>(name: string, ports: Readonly<Record<Port, number>>): Placement<Port> {
  const host = "127.0.0.1";
  return {
    name,
    bind: host,
    dial: host,
    ports,
    paths: PROCESS_PATHS,
    certificateNames: [host, "localhost"],
    memoryMiB: 512,
  };
}

export const GATEWAYS = [
  { host: "gateway-a.internal", port: 14317 },
  { host: "gateway-b.internal", port: 14317 },
];

/** An agent as on a host with everything on. */
export function agentSettings(changes: Partial<AgentSettings> = {}): AgentSettings {
  return {
    placement: placement("gpu-1-agent", { otlpGrpc: 4317, otlpHttp: 4318, health: 13133, metrics: 8887 }),
    environment: "production",
    hostName: "gpu-1",
    gateways: GATEWAYS,
    scrapes: {
      "dcgm-exporter": { host: "127.0.0.1", port: 9400 },
      "node-exporter": { host: "127.0.0.1", port: 9100 },
    },
    scrapeInterval: "15s",
    kernelLogs: ["/var/log/kern.log"],
    nvidiaLogs: ["/var/log/nvidia-*.log"],
    ...changes,
  };
}

const at = (host: string, port: number) => ({ host: `${host}.internal`, port });

/** Every destination there is. */
export const DESTINATIONS = [
  { kind: "prometheus", name: "prometheus-a", address: at("prometheus-a", 9090), path: "otlp" },
  { kind: "prometheus", name: "prometheus-b", address: at("prometheus-b", 9090), path: "remoteWrite" },
  { kind: "tempo", address: at("tempo", 4327) },
  { kind: "jaeger", address: at("jaeger", 4337) },
  { kind: "loki", address: at("loki", 3100) },
  { kind: "greptimedb", address: at("greptimedb", 4000), user: "greptime_user", retention: "30d" },
] as const satisfies readonly Destination[];

export const SAMPLING_OFF = { default: 1, services: {}, slowTraceMs: 5000 };
export const SAMPLING_ON = { default: 0.5, services: { "workflow-service": 0.1 }, slowTraceMs: 2000 };

/** A gateway that sends everywhere and keeps every trace. */
export function gatewaySettings(changes: Partial<GatewaySettings> = {}): GatewaySettings {
  return {
    placement: {
      ...placement("gateway-a", {
        otlpGrpc: 14317,
        otlpHttp: 14318,
        peer: 14319,
        health: 8888,
        metrics: 8889,
        scrape: 8890,
      }),
      dial: "gateway-a.internal",
    },
    environment: "production",
    peers: [at("gateway-a", 14319), at("gateway-b", 14319)],
    sampling: SAMPLING_OFF,
    views: { drop: [] },
    destinations: DESTINATIONS,
    scrapeEnabled: false,
    debugEnabled: false,
    queueMiB: 1024,
    ...changes,
  };
}

/** The second of two gateways. */
export function otherGateway(settings: GatewaySettings): GatewaySettings {
  return { ...settings, placement: { ...settings.placement, name: "gateway-b", dial: "gateway-b.internal" } };
}

/** A set of gateways that share one file, as on Kubernetes. */
export function gatewaySet(settings: GatewaySettings): GatewaySettings {
  const dial = "gateway.gpu-observability.svc";
  return {
    ...settings,
    placement: { ...settings.placement, name: "gateway", nameVariable: "POD_NAME", dial, replicas: 2 },
    peers: settings.peers.map((_, index) => ({ host: `gateway-${index}.${dial}`, port: 14319 })),
  };
}

/** What a configuration names and does not define, or defines and does not use: both are mistakes. */
export function findLooseEnds(config: CollectorConfig): readonly string[] {
  const { receivers, processors, exporters, connectors, extensions, service } = config;
  const defined = [...Object.keys({ ...receivers, ...processors, ...exporters, ...connectors }), ...service.extensions];
  const used = new Set(
    Object.values(service.pipelines).flatMap((pipeline) => [
      ...pipeline.receivers,
      ...pipeline.processors,
      ...pipeline.exporters,
    ]),
  );
  const storageAndAuth = [
    ...JSON.stringify({ receivers, exporters, connectors }).matchAll(/"(?:storage|authenticator)":"([^"]+)"/g),
  ];
  return [
    ...[...used].filter((id) => !defined.includes(id)).map((id) => `${id} is used and not defined`),
    ...Object.keys({ ...receivers, ...processors, ...exporters, ...connectors })
      .filter((id) => !used.has(id))
      .map((id) => `${id} is defined and not used`),
    ...Object.keys(extensions)
      .filter((id) => !service.extensions.includes(id))
      .map((id) => `extension ${id} is not started`),
    ...storageAndAuth
      .map(([, id]) => id ?? "")
      .filter((id) => !service.extensions.includes(id))
      .map((id) => `extension ${id} is needed and not started`),
  ];
}
