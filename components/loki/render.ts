import { toGoDuration } from "../core/units.ts";
import { renderDskitClientTls, renderDskitServerTls } from "../runtime/listeners.ts";
import { within } from "../runtime/workload.ts";
import { authorityFileOf } from "../runtime/object-store-files.ts";
import { isReplicated, planRing, renderMemberlist } from "../runtime/ring.ts";
import type { LokiSettings } from "./settings.ts";

/** `loki.yaml` of Loki 3.7, all parts in each copy. */
export function renderLoki({ placement, retention, storage }: LokiSettings): object {
  const { bind, ports, paths } = placement;
  const client = renderDskitClientTls(placement);
  const folder = within(paths.data, "loki");
  const ring = planRing(placement, bind === "0.0.0.0" ? "127.0.0.1" : bind);
  const store = storage.kind === "disk" ? "filesystem" : "s3";
  return {
    target: "all",
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: bind,
      http_listen_port: ports.http,
      grpc_listen_address: bind,
      grpc_listen_port: ports.grpc,
      http_tls_config: renderDskitServerTls(paths),
      grpc_tls_config: renderDskitServerTls(paths),
      log_level: "warn",
    },
    common: {
      path_prefix: folder,
      instance_addr: ring.address,
      replication_factor: ring.factor,
      ring: { kvstore: ring.kvstore, ...ring.identity },
      storage: renderStorage(storage, placement.paths),
    },
    ...renderMemberlist(placement),
    schema_config: renderSchema(store),
    ingester: {
      // One copy has nobody to wait for.
      ...(isReplicated(placement)
        ? {}
        : { lifecycler: { min_ready_duration: "0s", join_after: "0s", final_sleep: "0s" } }),
      wal: { flush_on_shutdown: true },
    },
    // The parts of one process call each other over gRPC.
    ingester_client: { grpc_client_config: client },
    // Whom a query asks for deletions.
    compactor_grpc_client: client,
    frontend: { address: ring.address, grpc_client_config: client },
    frontend_worker: {
      // Asked again and again: each copy answers queries of every copy behind the name.
      frontend_address: `${ring.frontends}:${ports.grpc}`,
      grpc_client_config: client,
    },
    query_scheduler: { grpc_client_config: client },
    // Of several copies the ring makes one the compactor.
    compactor: {
      working_directory: `${folder}/compactor`,
      retention_enabled: true,
      delete_request_store: store,
    },
    limits_config: renderLimits(retention),
  };
}

function renderSchema(store: "filesystem" | "s3"): object {
  return {
    configs: [
      {
        from: "2024-01-01",
        store: "tsdb",
        object_store: store,
        schema: "v13",
        index: { prefix: "index_", period: "24h" },
      },
    ],
  };
}

function renderStorage(storage: LokiSettings["storage"], paths: LokiSettings["placement"]["paths"]): object {
  const folder = within(paths.data, "loki");
  if (storage.kind === "disk")
    return { filesystem: { chunks_directory: `${folder}/chunks`, rules_directory: `${folder}/rules` } };
  const { endpoint, bucket, region } = storage;
  const authority = authorityFileOf(storage, paths);
  const trust = authority === undefined ? {} : { http_config: { ca_file: authority } };
  return { s3: { endpoint, bucketnames: bucket, region, s3forcepathstyle: true, ...trust } };
}

function renderLimits(retention: LokiSettings["retention"]): object {
  return {
    retention_period: toGoDuration(retention),
    allow_structured_metadata: true,
    volume_enabled: true,
    ingestion_rate_mb: 64,
    ingestion_burst_size_mb: 128,
    per_stream_rate_limit: "32MB",
    per_stream_rate_limit_burst: "64MB",
    // The join key of GPU hosts is not among the default index labels (S0-01).
    otlp_config: {
      resource_attributes: { attributes_config: [{ action: "index_label", attributes: ["host.name"] }] },
    },
  };
}
