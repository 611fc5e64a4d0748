import type { Address } from "../core/endpoint.ts";
import type { GoDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";
import type { TlsFiles } from "../runtime/workload.ts";
import type { ConsolePage } from "./definition.ts";

/** Backends that the console forwards to. */
export type ConsoleBackend = "prometheus" | "alertmanager" | "jaeger" | "tempo" | "loki";

/** Its own page, and one port for each backend: their UIs expect to be served at `/`. */
export type ConsolePort = "http" | ConsoleBackend;

export interface ConsoleSettings {
  readonly placement: Placement<ConsolePort>;
  /** Name of the environment. */
  readonly environment: string;
  readonly scrapeInterval: GoDuration;
  /** Replicas of each backend that the environment has, the one that is asked first in front. */
  readonly backends: Readonly<Partial<Record<ConsoleBackend, readonly Address[]>>>;
  readonly pages: readonly ConsolePage[];
  /** Address of Grafana, which the page links to. @default none */
  readonly grafana?: string | undefined;
}

/** What the program reads: `console.json`. */
export interface ConsoleConfig {
  readonly environment: string;
  /** Address it binds. */
  readonly host: string;
  readonly ports: Readonly<Partial<Record<ConsolePort, number>>>;
  readonly user: string;
  /** File with the password. */
  readonly passwordFile: string;
  /** Its client certificate and the authority of the backends. */
  readonly tls: TlsFiles;
  readonly scrapeSeconds: number;
  /** Base URLs of each backend's replicas. */
  readonly backends: Readonly<Partial<Record<ConsoleBackend, readonly string[]>>>;
  readonly grafana?: string;
  readonly pages: readonly ConsolePage[];
}
