import { posix } from "node:path";
import { CONTAINER_PATHS, type Workload } from "../workload.ts";
import { keyOf } from "./config-map.ts";
import { metadataOf, type Scope } from "./scope.ts";
import type { SecretMaterial } from "./settings.ts";
import type { Secret } from "./types.ts";

/** Annotation of pods that changes with their secrets: a renewed certificate rolls them. */
export const SECRETS_DIGEST = "gpu-observability/secrets-digest";

/** What a certificate comes to, below the `tls` path. */
export const TLS_PARTS = ["ca.pem", "cert.pem", "key.pem"] as const;

/** The one Secret of a workload; nothing for one that has no secret. */
export function renderSecrets(scope: Scope) {
  const { secrets, workload } = scope;
  const entries = Object.entries(secrets.files);
  if (entries.length === 0) return [];
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadataOf(scope, secretName(workload)),
    type: "Opaque",
    stringData: Object.fromEntries(entries.map(([path, value]) => [keyOf(path), value])),
  } satisfies Secret;
  return [secret];
}

export function secretName({ name }: Pick<Workload, "name">): string {
  return `${name}-secrets`;
}

/** Where a TLS file lies, below the `config` path. */
export function tlsPath(part: (typeof TLS_PARTS)[number]): string {
  return belowConfig(`${CONTAINER_PATHS.tls}/${part}`);
}

/** Where a secret file lies, below the `config` path. */
export function secretPath(path: string): string {
  return belowConfig(`${CONTAINER_PATHS.secrets}/${path}`);
}

function belowConfig(path: string): string {
  return posix.relative(CONTAINER_PATHS.config, path);
}

/** In the place of values that nobody may see: `<otlp-token>`. */
export function placeholderSecrets({ name, secretFiles, certificate }: Workload): SecretMaterial {
  const parts = certificate === undefined ? [] : TLS_PARTS;
  return {
    files: Object.fromEntries([
      ...parts.map((part) => [tlsPath(part), `<${part} of ${name}>`]),
      ...Object.entries(secretFiles).map(([path, secret]) => [secretPath(path), `<${secret}>`]),
    ]) as Record<string, string>,
    digest: "<digest of the secrets>",
  };
}
