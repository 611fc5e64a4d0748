import type { ExternalAccess } from "../../runtime/external-access.ts";

/** How a Prometheus that somebody else runs is spoken to. */
export interface ExternalPrometheusAccess extends ExternalAccess {
  /** Sent as {@link TENANT_HEADER}. @default none */
  readonly tenant?: string | undefined;
}

/** By which Mimir and its like tell whose metrics they are. */
export const TENANT_HEADER = "X-Scope-OrgID";

/** Where Prometheus takes what is written, below its address. */
export const WRITE_PATHS = { otlp: "/api/v1/otlp", remoteWrite: "/api/v1/write" } as const;
