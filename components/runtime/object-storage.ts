/** Where a backend keeps its blocks. */
export type BlockStorage =
  | { readonly kind: "disk" }
  /** S3 or compatible. Credentials come from the environment of the program (instance role or AWS_* variables). */
  | { readonly kind: "s3"; readonly endpoint: string; readonly bucket: string; readonly region: string };
