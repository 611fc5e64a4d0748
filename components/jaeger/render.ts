import { tlsFiles, within } from "../runtime/workload.ts";
import type { JaegerSettings } from "./settings.ts";

const STORE = "traces";

/** `jaeger.yaml` of Jaeger 2: a collector's configuration with storage and query as extensions. */
export function renderJaeger({ placement, storage, retention }: JaegerSettings): object {
  const { bind, ports, paths } = placement;
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  const tls = { cert_file: certFile, key_file: keyFile, client_ca_file: caFile, min_version: "1.2" };
  const folder = within(paths.data, "badger");
  const backend =
    storage === "memory"
      ? { memory: { max_traces: 100_000 } }
      : {
          badger: {
            directories: { keys: `${folder}/keys`, values: `${folder}/values` },
            ephemeral: false,
            ttl: { spans: retention },
          },
        };
  return {
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: `${bind}:${ports.health}` } },
      jaeger_storage: { backends: { [STORE]: backend } },
      jaeger_query: {
        storage: { traces: STORE },
        http: { endpoint: `${bind}:${ports.query}`, tls },
        grpc: { endpoint: `${bind}:${ports.queryGrpc}`, tls },
        // Its own spans would go to localhost:4317, where an agent sends them back here.
        enable_tracing: false,
      },
    },
    receivers: { otlp: { protocols: { grpc: { endpoint: `${bind}:${ports.otlp}`, tls } } } },
    exporters: { jaeger_storage_exporter: { trace_storage: STORE } },
    service: {
      extensions: ["healthcheckv2", "jaeger_storage", "jaeger_query"],
      telemetry: {
        logs: { level: "warn" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: bind, port: ports.metrics } } } }],
        },
      },
      pipelines: { traces: { receivers: ["otlp"], processors: [], exporters: ["jaeger_storage_exporter"] } },
    },
  };
}
