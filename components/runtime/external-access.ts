import type { SecretName } from "./workload.ts";

/** How a backend that somebody else runs is spoken to. */
export interface ExternalAccess {
  /** Where it is asked, without a slash at its end: `https://prometheus.example.org`. */
  readonly url: string;
  /** How a caller says who it is. @default it asks nobody */
  readonly credentials?: ExternalCredentials;
  /** Certificate (PEM) of its authority. @default those the machine trusts */
  readonly authority?: string | undefined;
}

/** What stands in the header `Authorization`. */
export interface ExternalCredentials {
  readonly scheme: "Basic" | "Bearer";
  /**
   * Secret with what follows the scheme: a token, or `user:password` in Base64, in which no character means anything to
   * the configurations that name it.
   */
  readonly secret: SecretName;
}
