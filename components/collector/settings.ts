import type { Address } from "../core/endpoint.ts";
import type { GoDuration, PrometheusDuration } from "../core/units.ts";
import type { DatadogSite } from "../datadog/settings.ts";
import type { ExternalPrometheusAccess } from "../prometheus/external/access.ts";
import type { ExternalAccess } from "../runtime/external-access.ts";
import type { Placement } from "../runtime/placement.ts";

/** An agent: the collector of one GPU host. */
export interface AgentSettings {
  readonly placement: Placement<"otlpGrpc" | "otlpHttp" | "health" | "metrics">;
  /** Value of `deployment.environment.name`. */
  readonly environment: string;
  /** Value of `host.name`. */
  readonly hostName: string;
  /** What else is known of the host, as `host.label.<key>` on everything it sends. @default nothing */
  readonly labels?: Readonly<Record<string, string>>;
  /** Gateways' OTLP/gRPC addresses, the preferred one first. One entry means one name for all gateways. */
  readonly gateways: readonly Address[];
  /** What it scrapes, by job name. */
  readonly scrapes: Readonly<Record<string, Address>>;
  readonly scrapeInterval: GoDuration;
  /** Files with kernel messages (S0-62). Missing files are waited for. */
  readonly kernelLogs: readonly string[];
  /** Files of NVIDIA's services (S0-63). */
  readonly nvidiaLogs: readonly string[];
  /** Names of metrics (regular expressions) it does not send on (S0-24). @default none */
  readonly dropMetrics?: readonly string[];
  /** Disk for its queue in MiB. @default 512 */
  readonly queueMiB?: number;
  /** What it is told of the cluster whose node it watches. @default no cluster */
  readonly cluster?: AgentCluster;
}

/** An agent on a node of a Kubernetes cluster: everything it sends says which pod and node it came from. */
export interface AgentCluster {
  /** Value of `k8s.cluster.name`. */
  readonly name: string;
  /** Where it sees the node's root folder: its own is the container's. */
  readonly rootPath: string;
}

/** Share of traces kept, and which are always kept. */
export interface SamplingSettings {
  /** Share of traces kept, 0 to 1. 1 everywhere means no sampler at all. */
  readonly default: number;
  /** Share kept by `service.name`. */
  readonly services: Readonly<Record<string, number>>;
  /** Traces that take longer are always kept, in milliseconds. */
  readonly slowTraceMs: number;
}

/** What the gateways let through and how they change it (S0-32). */
export interface MetricViews {
  /** Names let through (regular expressions). @default all */
  readonly allow?: readonly string[];
  /** Names dropped (regular expressions). */
  readonly drop: readonly string[];
  /** Old name to new name, after summing. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Labels summed away, by metric name. */
  readonly aggregateAway?: Readonly<Record<string, readonly string[]>>;
}

/** Where a gateway sends, one entry a backend. */
export type Destination =
  | {
      readonly kind: "prometheus";
      readonly name: string;
      readonly address: Address;
      readonly path: "otlp" | "remoteWrite";
    }
  | {
      /** One that somebody else runs. */
      readonly kind: "external-prometheus";
      readonly name: string;
      /** Where this one is written to; of OTLP without `/v1/metrics`. */
      readonly endpoint: string;
      readonly path: "otlp" | "remoteWrite";
      readonly access: ExternalPrometheusAccess;
    }
  | { readonly kind: "tempo" | "jaeger" | "loki"; readonly address: Address }
  | {
      readonly kind: "greptimedb";
      readonly address: Address;
      readonly user: string;
      /** Life of a row in the tables that its first write creates. */
      readonly retention: PrometheusDuration;
    }
  | {
      /** One that somebody else runs. */
      readonly kind: "external-greptimedb";
      readonly access: ExternalAccess;
      /** Name of its database. */
      readonly database: string;
    }
  /** OTLP/gRPC receiver of a Datadog Agent: takes every signal and turns growing sums into counts itself. */
  | { readonly kind: "datadog"; readonly agent: Address }
  /** Datadog's own intake: takes traces and logs; it refuses cumulative metrics, which is what we have. */
  | { readonly kind: "datadog"; readonly site: DatadogSite };

/** A gateway: receives from the agents, samples, guards, fans out. */
export interface GatewaySettings {
  readonly placement: Placement<"otlpGrpc" | "otlpHttp" | "peer" | "health" | "metrics" | "scrape">;
  readonly environment: string;
  /** Addresses of every gateway's `peer` port, this one's too: spans of one trace meet in one of them. */
  readonly peers: readonly Address[];
  readonly sampling: SamplingSettings;
  readonly views: MetricViews;
  readonly destinations: readonly Destination[];
  /** Serve metrics for Prometheus to scrape, on the `scrape` port. */
  readonly scrapeEnabled: boolean;
  /** Print what passes (S2-46). */
  readonly debugEnabled: boolean;
  /** Volume of all its queues in MiB; `plan-queues.ts` divides it. */
  readonly queueMiB: number;
  /** Most replicas it may be scaled to. @default as many as there are */
  readonly maxReplicas?: number;
}
