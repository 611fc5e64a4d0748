import type { SecretName } from "../../runtime/workload.ts";

/** How a Prometheus that somebody else runs is spoken to. */
export interface ExternalPrometheusAccess {
  /** Where it is asked, without a slash at its end: `https://prometheus.example.org`. */
  readonly url: string;
  /** How a caller says who it is. @default it asks nobody */
  readonly credentials?: ExternalPrometheusCredentials;
  /** Sent as {@link TENANT_HEADER}. @default none */
  readonly tenant?: string | undefined;
  /** Certificate (PEM) of its authority. @default those the machine trusts */
  readonly authority?: string | undefined;
}

/** What stands in the header `Authorization`. */
export interface ExternalPrometheusCredentials {
  readonly scheme: "Basic" | "Bearer";
  /**
   * Secret with what follows the scheme: a token, or `user:password` in Base64, in which no character means anything to
   * the configurations that name it.
   */
  readonly secret: SecretName;
}

/** By which Mimir and its like tell whose metrics they are. */
export const TENANT_HEADER = "X-Scope-OrgID";

/** Where Prometheus takes what is written, below its address. */
export const WRITE_PATHS = { otlp: "/api/v1/otlp", remoteWrite: "/api/v1/write" } as const;
