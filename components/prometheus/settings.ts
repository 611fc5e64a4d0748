import type { Address } from "../core/endpoint.ts";
import type { GoDuration, PrometheusDuration } from "../core/units.ts";
import type { RuleFile } from "../alerts/render.ts";
import type { Placement } from "../runtime/placement.ts";

/** Replicas of one of the platform's own programs that serve metrics. */
export interface ScrapeTarget {
  readonly job: string;
  readonly addresses: readonly Address[];
  /** Name whose SRV records list them all, where their number changes by itself: `_metrics._tcp.gateway…`. */
  readonly service?: string;
  readonly scheme: "http" | "https";
  /** @default "/metrics" */
  readonly path?: string;
}

export interface PrometheusSettings {
  readonly placement: Placement<"http">;
  readonly environment: string;
  /** How the gateways' metrics come in: pushed over OTLP or remote write, or fetched (S0-34). */
  readonly ingestion: "otlp" | "remoteWrite" | "scrape";
  readonly retention: PrometheusDuration;
  /** Disk of one copy, in MiB. @default 20 GiB */
  readonly volumeMiB?: number;
  /** How much older than the newest sample a sample may be: two gateways deliver out of order. */
  readonly outOfOrderWindow: PrometheusDuration;
  readonly scrapeInterval: GoDuration;
  /** How often rules and alerts are evaluated. */
  readonly evaluationInterval: GoDuration;
  /** Every Alertmanager, never a load balancer: the pair removes duplicates itself. */
  readonly alertmanagers: readonly Address[];
  readonly targets: readonly ScrapeTarget[];
  /** Rule files by path, such as `rules/gpu.yml`. */
  readonly rules: Readonly<Record<string, RuleFile>>;
}
