import type { SecretName } from "./workload.ts";

/** Where a backend keeps its blocks. */
export type BlockStorage = { readonly kind: "disk" } | ObjectStorage;

/** A bucket of S3, or of a store that speaks it. */
export interface ObjectStorage {
  readonly kind: "s3";
  /** Name and port of the store, without a scheme: it is always called over TLS. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /**
   * Secret whose text is an AWS credentials file: a `[default]` section with `aws_access_key_id` and
   * `aws_secret_access_key`. Without it the machine's own identity is used (instance role, service account).
   */
  readonly credentials?: SecretName | undefined;
  /** Certificate (PEM) of the authority that signed the store's. @default those the machine trusts */
  readonly authority?: string | undefined;
}
