import { toGoDuration } from "../core/units.ts";
import { authorityFileOf } from "../runtime/object-store-files.ts";
import { isReplicated, planRing, renderMemberlist, type Ring } from "../runtime/ring.ts";
import { renderDskitClientTls, renderDskitServerTls } from "../runtime/listeners.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { TempoSettings } from "./settings.ts";

/** A single copy of Tempo 2.9 reaches its own ingester here, whatever its configuration says. */
const INTERNAL_HOST = "127.0.0.1";

/** Address that the gRPC of its parts binds: only several copies have others to answer. */
export function grpcHost({ placement }: Pick<TempoSettings, "placement">): string {
  return isReplicated(placement) ? placement.bind : INTERNAL_HOST;
}

/**
 * `tempo.yaml` of Tempo 2.9, all parts in each copy. Several copies are its target `scalable-single-binary`, which
 * Tempo 3.0 no longer has: see `infra/decisions/0014-replicated-backends.md`.
 */
export function renderTempo({ placement, retention, storage }: TempoSettings): object {
  const { bind, ports, paths } = placement;
  const client = renderDskitClientTls(placement);
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  const ring = planRing(placement, INTERNAL_HOST);
  return {
    target: isReplicated(placement) ? "scalable-single-binary" : "all",
    stream_over_http_enabled: true,
    usage_report: { reporting_enabled: false },
    server: {
      http_listen_address: bind,
      http_listen_port: ports.http,
      grpc_listen_address: grpcHost({ placement }),
      grpc_listen_port: ports.grpc,
      http_tls_config: renderDskitServerTls(paths),
      grpc_tls_config: renderDskitServerTls(paths),
      log_level: "warn",
    },
    ...renderMemberlist(placement),
    distributor: {
      ring: { kvstore: ring.kvstore, ...othersOf(ring) },
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
    metrics_generator: { ring: { kvstore: ring.kvstore, ...othersOf(ring) } },
    live_store: { ring: { kvstore: IN_MEMORY }, partition_ring: { kvstore: IN_MEMORY } },
    backend_worker: { ring: { kvstore: IN_MEMORY } },
    ingester: renderIngester(ring),
    ingester_client: { grpc_client_config: client },
    querier: {
      frontend_worker: { frontend_address: `${ring.frontends}:${ports.grpc}`, grpc_client_config: client },
    },
    compactor: {
      ring: renderCompactorRing(ring),
      compaction: { block_retention: toGoDuration(retention) },
    },
    storage: {
      trace: {
        wal: { path: within(paths.data, "traces/wal") },
        ...renderStorage(storage, paths),
      },
    },
  };
}

/** Parts that Tempo 2.9 starts only when it writes through Kafka. */
const IN_MEMORY = { store: "inmemory" };

/** One copy is nobody's other, and leaves its own address to be found. */
function othersOf({ factor, identity }: Ring): Partial<Ring["identity"]> {
  return factor === 1 ? {} : identity;
}

function renderCompactorRing({ kvstore, identity, factor }: Ring): object {
  // A copy is not ready before this is over; one copy has nobody to wait for, and several share the blocks anew
  // whenever the ring changes, so a minute of waiting (the default) would buy nothing.
  return { kvstore, ...identity, wait_stability_min_duration: factor === 1 ? "0s" : "10s" };
}

function renderStorage(storage: TempoSettings["storage"], paths: TempoSettings["placement"]["paths"]): object {
  if (storage.kind === "disk") return { backend: "local", local: { path: within(paths.data, "traces/blocks") } };
  const { endpoint, bucket, region } = storage;
  const authority = authorityFileOf(storage, paths);
  const trust = authority === undefined ? {} : { tls_ca_path: authority };
  return { backend: "s3", s3: { endpoint, bucket, region, ...trust } };
}

function renderIngester({ kvstore, address, identity, factor }: Ring): object {
  const { instance_id: id } = identity;
  return {
    partition_ring: { kvstore: IN_MEMORY },
    // Searchable soon, and in one block a minute or so.
    trace_idle_period: "2s",
    max_block_duration: "5m",
    lifecycler: {
      ring: { kvstore, replication_factor: factor },
      address,
      ...(id === undefined ? { min_ready_duration: "0s", join_after: "0s", final_sleep: "0s" } : { id }),
    },
  };
}
