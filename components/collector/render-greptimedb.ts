import { toEndpoint } from "../core/endpoint.ts";
import { DATABASE_HEADER } from "../greptimedb/headers.ts";
import { within } from "../runtime/workload.ts";
import { componentId, TYPES } from "./names.ts";
import { signIn, tlsTo } from "./render-external.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

/** File that holds the password of our own. */
export const GREPTIMEDB_PASSWORD_FILE = "greptimedb-password";

/** Headers by signal. */
const HEADERS = {
  traces: { "x-greptime-pipeline-name": "greptime_trace_v1" },
  metrics: { "x-greptime-otlp-metric-promote-all-resource-attrs": "true" },
  logs: {},
} as const;
const SIGNALS = Object.keys(HEADERS) as (keyof typeof HEADERS)[];

/** Our own. Its HTTP listener has no TLS upstream: it must stay on a network of its own. */
export function renderGreptimedb(
  { address, user, retention }: Extract<Destination, { kind: "greptimedb" }>,
  { placement }: GatewaySettings,
  sending: object,
) {
  const id = componentId(TYPES.extension.basicAuth, "greptimedb");
  const password = `\${file:${within(placement.paths.secrets, GREPTIMEDB_PASSWORD_FILE)}}`;
  return {
    extensions: { [id]: { client_auth: { username: user, password } } },
    ...exporters(
      "greptimedb",
      toEndpoint("http", address),
      // Every metric is a table of its own; its first write says how long rows live (S2-31).
      { [DATABASE_HEADER]: "public", "x-greptime-hints": `ttl=${retention}` },
      { auth: { authenticator: id }, ...sending },
    ),
  };
}

/** One of somebody else's, who decides how long rows live. */
export function renderExternalGreptimedb(
  { kind, access, database }: Extract<Destination, { kind: "external-greptimedb" }>,
  settings: GatewaySettings,
  sending: object,
) {
  const { extensions, auth } = signIn(kind, access, settings);
  const common = { tls: tlsTo(access), ...auth, ...sending };
  return { extensions, ...exporters(kind, access.url, { [DATABASE_HEADER]: database }, common) };
}

/** GreptimeDB takes OTLP over HTTP only, one exporter a signal because each needs headers of its own (C-09). */
function exporters(name: string, url: string, headers: Readonly<Record<string, string>>, common: object) {
  const idOf = (signal: string) => componentId(TYPES.exporter.otlpHttp, `${name}-${signal}`);
  const exporterOf = (signal: keyof typeof HEADERS) => ({
    endpoint: `${url}/v1/otlp`,
    headers: { ...headers, ...HEADERS[signal] },
    ...common,
  });
  return {
    exporters: Object.fromEntries(SIGNALS.map((signal) => [idOf(signal), exporterOf(signal)])),
    takes: Object.fromEntries(SIGNALS.map((signal) => [signal, [idOf(signal)]])),
  };
}
