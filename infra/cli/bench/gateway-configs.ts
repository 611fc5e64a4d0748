import { CONFIG_FILE } from "../../../components/collector/config.ts";
import { planGateways } from "../../deploy/gateways.ts";
import { readEnvironment } from "../../environment/load.ts";
import { planTopology } from "../../topology/plan.ts";
import { PROJECT_ROOT } from "../folders.ts";
import { OFFLINE } from "../unavailable.ts";

export interface Port {
  readonly host: string;
  readonly port: number;
}

/** One loopback network per set of gateways: both sets run at the same time. */
const NETWORKS = { everything: "127.75.1", unsampled: "127.75.2" } as const;
export type GatewayCase = keyof typeof NETWORKS;

/** What each case asks of `local`: everything on, and `local` as it is, without a sampler. */
const SAMPLING_RATE: Readonly<Record<GatewayCase, number>> = { everything: 0.5, unsampled: 1 };

const BARE = "127.75.3.1";
const SINK = "127.75.3.2";
const SENDER = "127.75.3.3";

/** Every address a certificate of the bench is for. */
export const HOSTS = [
  BARE,
  SINK,
  SENDER,
  ...Object.values(NETWORKS).flatMap((network) => [`${network}.1`, `${network}.2`]),
];
export const BARE_PORT: Port = { host: BARE, port: 14317 };
/** Where the sink counts what arrives. */
export const SINK_METRICS: Port = { host: SINK, port: 8889 };
/** The sender's receivers, one a pipeline under test. */
export const SENDER_PORTS: Readonly<Record<GatewayCase | "bare", Port>> = {
  everything: { host: SENDER, port: 24318 },
  unsampled: { host: SENDER, port: 24319 },
  bare: { host: SENDER, port: 24320 },
};

export const TLS_FILES = { ca: "tls/ca.pem", cert: "tls/cert.pem", key: "tls/key.pem" } as const;
export const TOKEN_FILE = "secrets/otlp-token";
const SERVER_TLS = { cert_file: TLS_FILES.cert, key_file: TLS_FILES.key, client_ca_file: TLS_FILES.ca };
const CLIENT_TLS = { cert_file: TLS_FILES.cert, key_file: TLS_FILES.key, ca_file: TLS_FILES.ca };
const TOKEN = { bearertokenauth: { filename: TOKEN_FILE, scheme: "Bearer" } };

/** The gateways of `local` as they are rendered, moved to a network of the bench's; the first one takes the load. */
export function renderGateways(name: GatewayCase): readonly { readonly config: string; readonly listens: Port }[] {
  const local = readEnvironment(PROJECT_ROOT, "local");
  const environment = {
    ...local,
    network: { ...local.network, loopback: NETWORKS[name] },
    sampling: { ...local.sampling, default: SAMPLING_RATE[name], services: {} },
  };
  return planGateways(planTopology(environment, OFFLINE)).map(({ files, ports }) => {
    const { otlpGrpc } = ports;
    const config = files[CONFIG_FILE];
    if (config === undefined || otlpGrpc === undefined) throw new Error("local has no gateway");
    return { config, listens: { host: otlpGrpc.host, port: otlpGrpc.port } };
  });
}

/** OTLP in, OTLP out, as guarded as the gateways: mutual TLS and a token. */
export function renderBare(): object {
  const grpc = { endpoint: toText(BARE_PORT), tls: SERVER_TLS, auth: { authenticator: "bearertokenauth" } };
  return {
    extensions: TOKEN,
    receivers: { otlp: { protocols: { grpc } } },
    exporters: { otlp_grpc: { endpoint: `${SINK}:4317`, tls: CLIENT_TLS } },
    service: {
      extensions: ["bearertokenauth"],
      telemetry: { metrics: { level: "none" }, logs: { level: "warn" } },
      pipelines: { traces: { receivers: ["otlp"], exporters: ["otlp_grpc"] } },
    },
  };
}

/** What stands for the backends of all: takes everything, counts it and keeps nothing. */
export function renderSink(): object {
  const grpc = (host: string, port: number) => ({
    protocols: { grpc: { endpoint: `${host}:${port}`, tls: SERVER_TLS } },
  });
  const prometheus = (host: string) => ({
    protocols: { http: { endpoint: `${host}:9090`, tls: SERVER_TLS, metrics_url_path: "/api/v1/otlp/v1/metrics" } },
  });
  const spans = Object.fromEntries([
    ["otlp/bare", grpc(SINK, 4317)],
    ...Object.entries(NETWORKS).flatMap(([name, network]) => [
      [`otlp/${name}-tempo`, grpc(`${network}.1`, 4327)],
      [`otlp/${name}-jaeger`, grpc(`${network}.1`, 4337)],
    ]),
  ]) as Record<string, object>;
  const metrics = Object.fromEntries(
    Object.entries(NETWORKS).flatMap(([name, network]) =>
      [1, 2].map((replica) => [`otlp/${name}-prometheus-${replica}`, prometheus(`${network}.${replica}`)]),
    ),
  ) as Record<string, object>;
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
  const targets: Readonly<Record<string, Port>> = {
    everything: { host: `${NETWORKS.everything}.1`, port: 14317 },
    unsampled: { host: `${NETWORKS.unsampled}.1`, port: 14317 },
    bare: BARE_PORT,
  };
  const perTarget = <T>(prefix: string, value: (name: string, target: Port) => T) =>
    Object.fromEntries(Object.entries(targets).map(([name, target]) => [`${prefix}/${name}`, value(name, target)]));
  return {
    extensions: TOKEN,
    receivers: perTarget("otlp", (name) => ({
      protocols: { http: { endpoint: toText(SENDER_PORTS[name as GatewayCase]) } },
    })),
    exporters: perTarget("otlp_grpc", (_, target) => ({
      endpoint: toText(target),
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

function toText({ host, port }: Port): string {
  return `${host}:${port}`;
}
