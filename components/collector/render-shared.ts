import type { GoDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";
import type { TlsFiles } from "../runtime/workload.ts";
import { within } from "../runtime/workload.ts";
import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";

export const STORAGE = TYPES.extension.fileStorage;
export const MEMORY_LIMITER = TYPES.processor.memoryLimiter;
export const TOKEN = componentId(TYPES.extension.bearerToken, "gateway");
export const TOKEN_FILE = "otlp-token";

/** Renewed certificates are read without a restart. */
const TLS_RELOAD: GoDuration = "5m";

/** TLS of a client that shows its certificate. */
export function clientTls({ caFile, certFile, keyFile }: TlsFiles): object {
  return { ca_file: caFile, cert_file: certFile, key_file: keyFile, min_version: "1.2", reload_interval: TLS_RELOAD };
}

/** TLS of a listener that asks every client for a certificate. */
export function serverTls({ caFile, certFile, keyFile }: TlsFiles): object {
  return {
    cert_file: certFile,
    key_file: keyFile,
    client_ca_file: caFile,
    client_ca_file_reload: true,
    min_version: "1.2",
    reload_interval: TLS_RELOAD,
  };
}

/**
 * Compression towards receivers known to take it: our own gateways, Tempo, Jaeger. A tenth of gzip's CPU for more bytes on
 * the wire (decision 21). Every other destination keeps the exporter's own, gzip.
 */
export const FAST_COMPRESSION = "snappy";

/** Retries until the receiver is back: data older than the default five minutes would be dropped from the disk. */
export const RETRY_FOREVER = {
  enabled: true,
  initial_interval: "1s",
  max_interval: "10s",
  max_elapsed_time: 0,
} as const;

export interface QueueOptions {
  readonly sizeMiB: number;
  /** Whether a full queue makes the sender wait, or drops. */
  readonly blockWhenFull: boolean;
  /** Longest wait for a batch to fill, or `none`: what comes in is sent as it is. @default 200ms */
  readonly flush?: GoDuration | "none";
}

/**
 * A queue on disk that survives a killed process, with the batching inside it: a batch processor in front
 * would hold in memory what the queue is there to keep (collector #12711). Without batching, several backends can share
 * one copy of the data in memory.
 */
export function diskQueue({ sizeMiB, blockWhenFull, flush = "200ms" }: QueueOptions): object {
  return {
    enabled: true,
    storage: STORAGE,
    block_on_overflow: blockWhenFull,
    sizer: "bytes",
    queue_size: sizeMiB * 1024 * 1024,
    ...(flush === "none" ? {} : { batch: { sizer: "items", flush_timeout: flush, min_size: 1024, max_size: 8192 } }),
  };
}

/** Extensions of both roles: health, the token, the disk. */
export function commonExtensions(placement: Placement<"health">): Components {
  const { bind, ports, paths } = placement;
  return {
    // S2-49: `curl http://localhost:8888/` answers.
    [TYPES.extension.health]: { endpoint: `${bind}:${ports.health}`, path: "/" },
    [TOKEN]: { scheme: "Bearer", filename: within(paths.secrets, TOKEN_FILE) },
    [STORAGE]: {
      directory: within(paths.data, "queue"),
      create_directory: true,
      compaction: { on_rebound: true, directory: within(paths.data, "queue") },
    },
  };
}

/** What a collector calls itself: of several copies with one file, each reads its own name. */
export function instanceOf({ name, nameVariable }: Pick<Placement, "name" | "nameVariable">): string {
  return nameVariable === undefined ? name : `\${env:${nameVariable}}`;
}

/**
 * The collector's own metrics, served where it runs (C-10), spelt as Prometheus spells what comes over OTLP:
 * `otelcol_exporter_sent_spans_total`, `otelcol_process_memory_rss_bytes`. Gateways are scraped and agents push, so
 * without the suffixes each name would have two spellings, and a rule on one of them would be blind to half of the
 * collectors (anchors, defect 5; collector #13544). Prometheus adds no suffix to a name that has it.
 */
export function selfTelemetry(placement: Placement<"metrics">, service: string): object {
  return {
    resource: { "service.name": service, "service.instance.id": instanceOf(placement) },
    logs: { level: "warn", encoding: "json" },
    metrics: {
      level: "normal",
      readers: [
        {
          pull: {
            exporter: {
              prometheus: {
                host: placement.bind,
                port: placement.ports.metrics,
                without_type_suffix: false,
                without_units: false,
                without_scope_info: true,
              },
            },
          },
        },
      ],
    },
  };
}
