import { goMemoryLimit, RARE_COLLECTION } from "../../../components/collector/memory.ts";
import { type BenchCollector, CLIENT_TLS, type Port, SERVER_TLS, TOKEN, toText } from "./bench-collector.ts";
import { addressOf, backendOf, type Comparison, entryOf, isPair } from "./gateway-targets.ts";

const AUTH = { authenticator: "bearertokenauth" };
const QUEUE = {
  enabled: true,
  storage: "file_storage",
  sizer: "bytes",
  queue_size: 512 * 1024 * 1024,
};
const FOR_EVER = { enabled: true, max_elapsed_time: 0 };
const PEER_PORT = 14319;

/**
 * The collectors of a comparison, as guarded as the gateways, with mutual TLS and a token, and as the collector is without
 * a word, gzip and Go's own settings, where its name says nothing else:
 *
 * - `bare`: OTLP in, OTLP out, a queue in memory. `bareSnappy`: the same with the gateways' compression.
 * - `durable`: two backends, each behind a queue on disk: the hops and the durability of `unsampled`, and nothing else.
 * - `durablePair`: half of the traces go on to a second collector first, through a queue on disk: those of `everything`.
 * - `...Tuned`: the same two with the gateways' compression and the variables that a deployment gives Go.
 */
export function renderComparison(name: Comparison): readonly BenchCollector[] {
  const isTuned = name.endsWith("Tuned");
  const compression = isTuned || name === "bareSnappy" ? "snappy" : "gzip";
  const env = isTuned ? { ...goMemoryLimit(512), ...RARE_COLLECTION } : {};
  if (name.startsWith("bare")) return [{ name, env, listens: entryOf(name), config: renderBare(name, compression) }];
  const first = { name, env, listens: entryOf(name), config: renderDurable(name, compression) };
  if (!isPair(name)) return [first];
  const listens = { host: addressOf(name, 1), port: PEER_PORT };
  // The peer is there before it is sent to.
  return [{ name: `${name}-peer`, env, listens, config: renderPeer(name, compression) }, first];
}

function renderBare(name: Comparison, compression: string): object {
  return {
    extensions: TOKEN,
    receivers: { otlp: receiver(entryOf(name)) },
    exporters: { otlp_grpc: { endpoint: toText(backendOf(name, 1)), tls: CLIENT_TLS, compression } },
    service: service(["bearertokenauth"], { traces: { receivers: ["otlp"], exporters: ["otlp_grpc"] } }),
  };
}

function renderDurable(name: Comparison, compression: string): object {
  const backends = renderBackends(name, compression);
  const all = Object.keys(backends);
  const peer = exporter({ host: addressOf(name, 1), port: PEER_PORT }, compression);
  const half = 'Substring(trace_id.string, 28, 4) < "8000"';
  const table = [{ context: "span", condition: half, pipelines: ["traces/own"] }];
  return {
    ...withStorage(),
    receivers: { otlp: receiver(entryOf(name)) },
    exporters: isPair(name) ? { ...backends, "otlp_grpc/peer": { ...peer, auth: AUTH } } : backends,
    ...(isPair(name)
      ? { connectors: { routing: { error_mode: "ignore", default_pipelines: ["traces/peer"], table } } }
      : {}),
    service: service(
      ["bearertokenauth", "file_storage"],
      isPair(name)
        ? {
            traces: { receivers: ["otlp"], exporters: ["routing"] },
            "traces/own": { receivers: ["routing"], exporters: all },
            "traces/peer": { receivers: ["routing"], exporters: ["otlp_grpc/peer"] },
          }
        : { traces: { receivers: ["otlp"], exporters: all } },
    ),
  };
}

function renderPeer(name: Comparison, compression: string): object {
  const backends = renderBackends(name, compression);
  return {
    ...withStorage(),
    receivers: { otlp: receiver({ host: addressOf(name, 1), port: PEER_PORT }) },
    exporters: backends,
    service: service(["bearertokenauth", "file_storage"], {
      traces: { receivers: ["otlp"], exporters: Object.keys(backends) },
    }),
  };
}

function withStorage(): object {
  return { extensions: { ...TOKEN, file_storage: { directory: "data/queue", create_directory: true } } };
}

function renderBackends(name: Comparison, compression: string): Readonly<Record<string, object>> {
  return Object.fromEntries(
    ([1, 2] as const).map((backend) => [`otlp_grpc/${backend}`, exporter(backendOf(name, backend), compression)]),
  );
}

function exporter(to: Port, compression: string): object {
  return { endpoint: toText(to), tls: CLIENT_TLS, compression, sending_queue: QUEUE, retry_on_failure: FOR_EVER };
}

function receiver(at: Port): object {
  return { protocols: { grpc: { endpoint: toText(at), tls: SERVER_TLS, auth: AUTH } } };
}

function service(extensions: readonly string[], pipelines: object): object {
  return { extensions, telemetry: { metrics: { level: "none" }, logs: { level: "warn" } }, pipelines };
}
