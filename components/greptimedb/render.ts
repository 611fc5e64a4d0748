import { tlsFiles, within } from "../runtime/workload.ts";
import type { GreptimedbSettings, GreptimedbStorage } from "./settings.ts";

/** File with one `user=password` line. */
export const USERS_FILE = "greptimedb-users";

/** Arguments of GreptimeDB 1.2 in standalone mode. TLS covers gRPC, MySQL and PostgreSQL, not HTTP. */
export function renderGreptimedbArgs({ placement }: GreptimedbSettings): readonly string[] {
  const { bind, ports, paths } = placement;
  const { certFile, keyFile } = tlsFiles(paths);
  return [
    "standalone",
    "start",
    `--config-file=${within(paths.config, "greptimedb.toml")}`,
    `--http-addr=${bind}:${ports.http}`,
    `--grpc-bind-addr=${bind}:${ports.grpc}`,
    `--mysql-addr=${bind}:${ports.mysql}`,
    `--postgres-addr=${bind}:${ports.postgres}`,
    "--tls-mode=require",
    `--tls-cert-path=${certFile}`,
    `--tls-key-path=${keyFile}`,
    `--user-provider=static_user_provider:file:${within(paths.secrets, USERS_FILE)}`,
  ];
}

/**
 * A file an hour, beside what it prints: an empty `dir` would mean `<data_home>/logs` and not none.
 *
 * Source: GreptimeTeam/greptimedb, `src/cmd/src/standalone.rs`; upstream keeps 720.
 */
const LOG_FILES = 24;

/** `greptimedb.toml`: a few keys, too small a file to need a TOML library. */
export function toGreptimedbToml({ placement, storage = { kind: "disk" } }: GreptimedbSettings): string {
  const home = ["data_home", within(placement.paths.data, "greptimedb")] as const;
  const keys = storage.kind === "disk" ? [home, ["type", "File"] as const] : [home, ...planBucket(storage)];
  const storing = keys.map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("");
  return `enable_telemetry = false\n\n[logging]\nmax_log_files = ${LOG_FILES}\n\n[storage]\n${storing}`;
}

function planBucket({ endpoint, bucket, region }: Extract<GreptimedbStorage, { kind: "s3" }>) {
  return [
    ["type", "S3"],
    ["bucket", bucket],
    ["root", "greptimedb"],
    ["endpoint", `https://${endpoint}`],
    ["region", region],
  ] as const;
}
