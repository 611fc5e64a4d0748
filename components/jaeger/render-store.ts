import { within, type Workload, type WorkloadPaths } from "../runtime/workload.ts";
import type { ClickHouseStore, JaegerSettings, SearchStore } from "./settings.ts";

/** File with the password of the store's account. */
const PASSWORD_FILE = "jaeger-store-password";
const AUTHORITY_FILE = "jaeger-store-ca.pem";

/** One entry of `jaeger_storage.backends`. */
export function renderStore({ placement: { paths }, storage, retention }: JaegerSettings): object {
  if (storage === "memory") return { memory: { max_traces: 100_000 } };
  if (storage === "badger") {
    const folder = within(paths.data, "badger");
    const directories = { keys: `${folder}/keys`, values: `${folder}/values` };
    return { badger: { directories, ephemeral: false, ttl: { spans: retention } } };
  }
  return storage.kind === "clickhouse"
    ? { clickhouse: renderClickHouse(storage, paths) }
    : { [storage.kind]: { ...renderSearchStore(storage, paths), max_span_age: retention } };
}

/** What the store needs beside the configuration: its password and its authority, each a file. */
export function storeParts(storage: JaegerSettings["storage"]): Pick<Workload, "files" | "secretFiles"> {
  if (typeof storage === "string") return { files: {}, secretFiles: {} };
  const authority = storage.kind === "clickhouse" ? undefined : storage.authority;
  return {
    files: authority === undefined ? {} : { [AUTHORITY_FILE]: authority },
    secretFiles: storage.password === undefined ? {} : { [PASSWORD_FILE]: storage.password },
  };
}

function renderSearchStore(storage: SearchStore, paths: WorkloadPaths): object {
  const { urls, user, password, indexPrefix, indexReplicas, authority } = storage;
  const index = { replicas: indexReplicas };
  const basic = { username: user, password_file: within(paths.secrets, PASSWORD_FILE) };
  return {
    server_urls: urls,
    ...(user === undefined || password === undefined ? {} : { auth: { basic } }),
    ...(authority === undefined ? {} : { tls: { ca_file: within(paths.config, AUTHORITY_FILE) } }),
    indices: { index_prefix: indexPrefix, spans: index, services: index, dependencies: index, sampling: index },
  };
}

function renderClickHouse({ addresses, database, user }: ClickHouseStore, paths: WorkloadPaths): object {
  // It has no key for a file; the configuration's own reader puts the file's text in at the start.
  const password = `\${file:${within(paths.secrets, PASSWORD_FILE)}}`;
  return { addresses, database, auth: { basic: { username: user, password } }, create_schema: true };
}
