import { tlsFiles } from "../runtime/workload.ts";
import { renderStore } from "./render-store.ts";
import type { JaegerSettings } from "./settings.ts";

const STORE = "traces";

/** `jaeger.yaml` of Jaeger 2: a collector's configuration with storage and query as extensions. */
export function renderJaeger(settings: JaegerSettings): object {
  const { placement } = settings;
  const { bind, ports, paths } = placement;
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  const tls = { cert_file: certFile, key_file: keyFile, client_ca_file: caFile, min_version: "1.2" };
  return {
    extensions: {
      healthcheckv2: { use_v2: true, http: { endpoint: `${bind}:${ports.health}` } },
      jaeger_storage: { backends: { [STORE]: renderStore(settings) } },
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
