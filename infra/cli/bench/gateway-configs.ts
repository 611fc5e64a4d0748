import { parse } from "yaml";
import { CONFIG_FILE, type CollectorConfig } from "../../../components/collector/config.ts";
import { programEnvironment } from "../../../components/runtime/program-environment.ts";
import { planGateways } from "../../deploy/gateways.ts";
import { readEnvironment } from "../../environment/load.ts";
import { planTopology } from "../../topology/plan.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { OFFLINE } from "../unavailable.ts";
import { type BenchCollector, CLIENT_TLS, type Port, SERVER_TLS, TOKEN, toText } from "./bench-collector.ts";
import {
  backendOf,
  CASES,
  COMPARISONS,
  entryOf,
  type GatewayCase,
  NETWORKS,
  senderOf,
  SINK_METRICS,
  type Target,
  TARGETS,
} from "./gateway-targets.ts";

/** What each case asks of `local`: everything on, and `local` as it is, without a sampler. */
const SAMPLING_RATE: Readonly<Record<GatewayCase, number>> = { everything: 0.5, unsampled: 1 };
const PROFILE_PORT = 1777;

/** A gateway under test, and where it says what its CPU is spent on. */
export interface BenchGateway extends BenchCollector {
  readonly profiles: Port;
}

/**
 * The gateways of `local` as they are rendered, moved to a network of the bench's, with the variables that every
 * deployment sets; the first one takes the load. Added is the extension that profiles when it is asked.
 */
export function renderGateways(name: GatewayCase): readonly BenchGateway[] {
  const local = readEnvironment(PROJECT_ROOT, "local");
  const environment = {
    ...local,
    network: { ...local.network, loopback: NETWORKS[name] },
    sampling: { ...local.sampling, default: SAMPLING_RATE[name], services: {} },
  };
  return planGateways(planTopology(environment, OFFLINE)).map((workload, index) => {
    const { otlpGrpc } = workload.ports;
    const text = workload.files[CONFIG_FILE];
    if (text === undefined || otlpGrpc === undefined) throw new Error("local has no gateway");
    const profiles = { host: otlpGrpc.host, port: PROFILE_PORT };
    return {
      name: `${name}-${index}`,
      config: withProfiles(parse(text) as CollectorConfig, profiles),
      listens: { host: otlpGrpc.host, port: otlpGrpc.port },
      env: programEnvironment(workload),
      profiles,
    };
  });
}

function withProfiles({ extensions, service, ...rest }: CollectorConfig, at: Port): object {
  return {
    ...rest,
    extensions: { ...extensions, pprof: { endpoint: toText(at) } },
    service: { ...service, extensions: [...service.extensions, "pprof"] },
  };
}

/** What stands for the backends of all: takes everything, counts it and keeps nothing. */
export function renderSink(): object {
  const grpc = (at: Port) => ({ protocols: { grpc: { endpoint: toText(at), tls: SERVER_TLS } } });
  const prometheus = (host: string) => ({
    protocols: { http: { endpoint: `${host}:9090`, tls: SERVER_TLS, metrics_url_path: "/api/v1/otlp/v1/metrics" } },
  });
  const spans: Readonly<Record<string, object>> = Object.fromEntries([
    ...COMPARISONS.flatMap((name) =>
      ([1, 2] as const).map((backend) => [`otlp/${name}-${backend}`, grpc(backendOf(name, backend))] as const),
    ),
    ...CASES.flatMap((name) => [
      [`otlp/${name}-tempo`, grpc({ host: `${NETWORKS[name]}.1`, port: 4327 })] as const,
      [`otlp/${name}-jaeger`, grpc({ host: `${NETWORKS[name]}.1`, port: 4337 })] as const,
    ]),
  ]);
  const metrics: Readonly<Record<string, object>> = Object.fromEntries(
    CASES.flatMap((name) =>
      [1, 2].map((replica) => [`otlp/${name}-prometheus-${replica}`, prometheus(`${NETWORKS[name]}.${replica}`)]),
    ),
  );
  const pull = { exporter: { prometheus: { ...SINK_METRICS, without_type_suffix: true, without_units: true } } };
  return {
    receivers: { ...spans, ...metrics },
    exporters: { debug: { verbosity: "basic" } },
    service: {
      telemetry: { metrics: { level: "basic", readers: [{ pull }] }, logs: { level: "error" } },
      pipelines: {
        traces: { receivers: Object.keys(spans), exporters: ["debug"] },
        metrics: { receivers: Object.keys(metrics), exporters: ["debug"] },
      },
    },
  };
}

/** Sends as an agent does, to all in the same way: gRPC, mutual TLS, token, gzip, about a thousand spans a request. */
export function renderSender(): object {
  const perTarget = <T>(prefix: string, value: (target: Target) => T) =>
    Object.fromEntries(TARGETS.map((target) => [`${prefix}/${target}`, value(target)]));
  return {
    extensions: TOKEN,
    receivers: perTarget("otlp", (target) => ({ protocols: { http: { endpoint: toText(senderOf(target)) } } })),
    exporters: perTarget("otlp_grpc", (target) => ({
      endpoint: toText(entryOf(target)),
      tls: CLIENT_TLS,
      auth: { authenticator: "bearertokenauth" },
      compression: "gzip",
      sending_queue: { block_on_overflow: true },
    })),
    service: {
      extensions: ["bearertokenauth"],
      telemetry: { metrics: { level: "none" }, logs: { level: "warn" } },
      pipelines: perTarget("traces", (name) => ({ receivers: [`otlp/${name}`], exporters: [`otlp_grpc/${name}`] })),
    },
  };
}
