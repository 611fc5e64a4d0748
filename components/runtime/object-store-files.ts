import type { BlockStorage } from "./object-storage.ts";
import { within, type Workload, type WorkloadPaths } from "./workload.ts";

/** File with an AWS credentials file's text. */
export const CREDENTIALS_FILE = "object-store-credentials";
const AUTHORITY_FILE = "object-store-ca.pem";

/** Where a program finds the certificate of the store's authority; nothing where the machine knows it. */
export function authorityFileOf(storage: BlockStorage, paths: WorkloadPaths): string | undefined {
  if (storage.kind === "disk" || storage.authority === undefined) return undefined;
  return within(paths.config, AUTHORITY_FILE);
}

/**
 * What a workload that keeps its blocks in a bucket gets: the credentials as a file that the AWS SDK, minio-go and
 * OpenDAL all look for under this variable, so they stand in no configuration and in no environment.
 */
export function objectStoreParts(
  storage: BlockStorage,
  paths: WorkloadPaths,
): Pick<Workload, "env" | "files" | "secretFiles"> {
  if (storage.kind === "disk") return { env: {}, files: {}, secretFiles: {} };
  const { credentials, authority } = storage;
  return {
    env: credentials === undefined ? {} : { AWS_SHARED_CREDENTIALS_FILE: within(paths.secrets, CREDENTIALS_FILE) },
    files: authority === undefined ? {} : { [AUTHORITY_FILE]: authority },
    secretFiles: credentials === undefined ? {} : { [CREDENTIALS_FILE]: credentials },
  };
}
