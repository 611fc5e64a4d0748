import { toGoDuration } from "../core/units.ts";
import { renderDskitClientTls, renderDskitServerTls } from "../runtime/listeners.ts";
import { within } from "../runtime/workload.ts";
import type { LokiSettings } from "./settings.ts";

/** `loki.yaml` of Loki 3.7, all parts in one process. */
export function renderLoki({ placement, retention, storage }: LokiSettings): object {
  const { bind, ports, paths } = placement;
  const client = renderDskitClientTls(placement);
  const folder = within(paths.data, "loki");
  const self = bind === "0.0.0.0" ? "127.0.0.1" : bind;
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
      instance_addr: self,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" }, instance_addr: self },
      storage: renderStorage(storage, folder),
    },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: store,
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    ingester: {
      lifecycler: { min_ready_duration: "0s", join_after: "0s", final_sleep: "0s" },
      wal: { flush_on_shutdown: true },
    },
    // The parts of one process call each other over gRPC.
    ingester_client: { grpc_client_config: client },
    frontend: { address: self, grpc_client_config: client },
    frontend_worker: {
      frontend_address: `${self}:${ports.grpc}`,
      grpc_client_config: client,
    },
    query_scheduler: { grpc_client_config: client },
    compactor: {
      working_directory: `${folder}/compactor`,
      retention_enabled: true,
      delete_request_store: store,
    },
    limits_config: renderLimits(retention),
  };
}

function renderStorage(storage: LokiSettings["storage"], folder: string): object {
  if (storage.kind === "disk")
    return { filesystem: { chunks_directory: `${folder}/chunks`, rules_directory: `${folder}/rules` } };
  const { endpoint, bucket, region } = storage;
  return { s3: { endpoint, bucketnames: bucket, region, s3forcepathstyle: true } };
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
