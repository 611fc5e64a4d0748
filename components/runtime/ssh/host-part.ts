import type { Workload } from "../workload.ts";

/** How one service of a host is watched: what `apply` asks after it has started it. */
export interface PlannedService {
  readonly unit: string;
  readonly user: string;
  readonly workload: Pick<Workload, "name" | "service" | "args" | "files" | "secretFiles" | "certificate" | "health">;
  /** Text of the unit file; nothing is installed for a service that somebody else runs. */
  readonly text: string | undefined;
  readonly healthUrl: string;
  /** Urls that must answer too, such as `/metrics` (S0-54). */
  readonly probes: readonly string[];
  /** OTLP/HTTP receiver that must take a span (S0-55). */
  readonly canaryUrl?: string;
  /** A program of the bundle's own list. */
  readonly program?: string;
  /** A program of a package of the distribution. */
  readonly package?: { readonly name: string; readonly program: string; readonly version?: string };
  /** An image that must be there before the unit starts, and the program of the host that fetches it. */
  readonly image?: { readonly engine: string; readonly name: string };
  /** Whether it may be there only where rsyslog is not. */
  readonly onlyWithoutRsyslog: boolean;
}
