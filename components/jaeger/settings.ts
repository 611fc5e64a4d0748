import type { GoDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";
import type { SecretName } from "../runtime/workload.ts";

export interface JaegerSettings {
  /** Several copies (`placement.replicas`) need a store that all of them reach. */
  readonly placement: Placement<"query" | "queryGrpc" | "otlp" | "health" | "metrics">;
  readonly storage: JaegerStorage;
  /**
   * How long badger keeps a trace, and how far back a search store is asked. What Elasticsearch, OpenSearch and
   * ClickHouse delete, and when, is for their own operators to say.
   */
  readonly retention: GoDuration;
  /** Disk of one copy, in MiB. @default 20 GiB */
  readonly volumeMiB?: number;
}

/** `badger` keeps traces on the volume of one copy; `memory` forgets them on a restart. */
export type JaegerStorage = "memory" | "badger" | SearchStore | ClickHouseStore;

/** An Elasticsearch or OpenSearch that somebody runs. */
export interface SearchStore {
  readonly kind: "elasticsearch" | "opensearch";
  /** Addresses of its nodes, such as `https://search-1.example.org:9200`. */
  readonly urls: readonly string[];
  /** Account; needs a password. @default none */
  readonly user?: string | undefined;
  /** Secret that holds the account's password. */
  readonly password?: SecretName | undefined;
  /** In front of the name of every index. */
  readonly indexPrefix: string;
  /** Copies of each index beside the first. */
  readonly indexReplicas: number;
  /** Certificate (PEM) of the authority that signed the nodes'. @default those the machine trusts */
  readonly authority?: string | undefined;
}

/**
 * A ClickHouse that somebody runs, spoken to in its native protocol. Jaeger 2.13 offers no TLS to it, so it must stand
 * on a network of its own or behind a tunnel.
 */
export interface ClickHouseStore {
  readonly kind: "clickhouse";
  /** `host:port` of its servers. */
  readonly addresses: readonly string[];
  readonly database: string;
  readonly user: string;
  /** Secret that holds the account's password. */
  readonly password: SecretName;
}
