import { toGoDuration } from "../core/units.ts";
import { renderDskitClientTls, renderDskitServerTls } from "../runtime/listeners.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { TempoSettings } from "./settings.ts";

/** In one process Tempo 2.9 reaches its own ingester here, whatever its configuration says. */
export const INTERNAL_HOST = "127.0.0.1";

/** `tempo.yaml` of Tempo 2.9, all parts in one process. */
export function renderTempo({ placement, retention, storage }: TempoSettings): object {
  const { bind, ports, paths } = placement;
  const client = renderDskitClientTls(placement);
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  const ring = { kvstore: { store: "inmemory" }, instance_addr: INTERNAL_HOST };
  return {
    target: "all",
    stream_over_http_enabled: true,
    usage_report: { reporting_enabled: false },
    server: {
      http_listen_address: bind,
      http_listen_port: ports.http,
      grpc_listen_address: INTERNAL_HOST,
      grpc_listen_port: ports.grpc,
      http_tls_config: renderDskitServerTls(paths),
      grpc_tls_config: renderDskitServerTls(paths),
      log_level: "warn",
    },
    distributor: {
      ring: { kvstore: ring.kvstore },
      receivers: {
        otlp: {
          protocols: {
            grpc: {
              endpoint: `${bind}:${ports.otlp}`,
              tls: { cert_file: certFile, key_file: keyFile, client_ca_file: caFile, min_version: "1.2" },
            },
          },
        },
      },
    },
    // A ring left to its default would open the gossip port, in plaintext, to the world.
    metrics_generator: { ring: { kvstore: ring.kvstore } },
    live_store: { ring: { kvstore: ring.kvstore }, partition_ring: { kvstore: ring.kvstore } },
    backend_worker: { ring: { kvstore: ring.kvstore } },
    ingester: renderIngester(ring),
    ingester_client: { grpc_client_config: client },
    querier: {
      frontend_worker: { frontend_address: `${ring.instance_addr}:${ports.grpc}`, grpc_client_config: client },
    },
    // One process: no other member of the ring to wait for.
    compactor: {
      ring: { ...ring, wait_stability_min_duration: "0s" },
      compaction: { block_retention: toGoDuration(retention) },
    },
    storage: {
      trace: {
        wal: { path: within(paths.data, "traces/wal") },
        ...renderStorage(storage, within(paths.data, "traces/blocks")),
      },
    },
  };
}

function renderStorage(storage: TempoSettings["storage"], folder: string): object {
  if (storage.kind === "disk") return { backend: "local", local: { path: folder } };
  const { endpoint, bucket, region } = storage;
  return { backend: "s3", s3: { endpoint, bucket, region } };
}

function renderIngester(ring: { readonly kvstore: object }): object {
  return {
    partition_ring: { kvstore: ring.kvstore },
    // Searchable soon, and in one block a minute or so.
    trace_idle_period: "2s",
    max_block_duration: "5m",
    lifecycler: {
      ring: { kvstore: ring.kvstore, replication_factor: 1 },
      address: INTERNAL_HOST,
      min_ready_duration: "0s",
      join_after: "0s",
      final_sleep: "0s",
    },
  };
}
