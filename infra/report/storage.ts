import { type GoDuration, type PrometheusDuration, toSeconds } from "../../components/core/units.ts";
import type { Topology } from "../topology/topology.ts";
import { STORED_BYTES, WRITE_AHEAD_SECONDS } from "./measured.ts";

const GIB = 1024 ** 3;

/** Items a second that reach the backends. */
export interface Rates {
  readonly samples: number;
  readonly spans: number;
  readonly lines: number;
}

/** What one backend keeps at the end of its retention. */
export interface StorageReport {
  readonly backend: string;
  readonly replicas: number;
  readonly retention: string;
  readonly eachGiB: number;
  readonly totalGiB: number;
  /** Where: a volume of the workload, or object storage that nothing here limits. */
  readonly on: "disk" | "object storage" | "memory";
}

/** A row before it is multiplied by time. */
interface Kept {
  readonly retention: GoDuration | PrometheusDuration;
  readonly bytesPerSecond: number;
  readonly on?: StorageReport["on"];
  readonly replicas?: number;
  /** Bytes that do not grow with the retention. */
  readonly besides?: number;
}

export function reportStorage(topology: Topology, { samples, spans, lines }: Rates): readonly StorageReport[] {
  const { environment, prometheus } = topology;
  const blocksOn = ({ kind }: { readonly kind: "disk" | "s3" }) => (kind === "s3" ? "object storage" : "disk");
  const columns =
    samples * STORED_BYTES.greptimedbSample + spans * STORED_BYTES.greptimedbSpan + lines * STORED_BYTES.greptimedbLine;
  const kept = {
    prometheus: {
      ...environment.prometheus,
      replicas: prometheus.length,
      bytesPerSecond: samples * STORED_BYTES.prometheusSample,
      besides: samples * STORED_BYTES.prometheusLogSample * WRITE_AHEAD_SECONDS,
    },
    tempo: {
      ...environment.tempo,
      bytesPerSecond: spans * STORED_BYTES.tempoSpan,
      on: blocksOn(environment.tempo.storage),
    },
    loki: {
      ...environment.loki,
      bytesPerSecond: lines * STORED_BYTES.lokiLine,
      on: blocksOn(environment.loki.storage),
    },
    jaeger: {
      ...environment.jaeger,
      bytesPerSecond: spans * STORED_BYTES.jaegerSpan,
      on: environment.jaeger.storage === "memory" ? "memory" : "disk",
    },
    greptimedb: { ...environment.greptimedb, bytesPerSecond: columns },
  } satisfies Readonly<Record<string, Kept>>;
  return (Object.keys(kept) as (keyof typeof kept)[])
    .filter((backend) => (backend === "prometheus" ? prometheus.length > 0 : topology[backend] !== undefined))
    .map((backend) => toRow(backend, kept[backend]));
}

function toRow(backend: string, { retention, bytesPerSecond, on = "disk", replicas = 1, besides = 0 }: Kept) {
  const eachGiB = (bytesPerSecond * toSeconds(retention) + besides) / GIB;
  return { backend, replicas, retention, eachGiB, totalGiB: eachGiB * replicas, on };
}
