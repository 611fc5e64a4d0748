import { type Address, toEndpoint } from "../core/endpoint.ts";
import { tlsFiles, within } from "../runtime/workload.ts";
import type { GrafanaSettings } from "./settings.ts";

/** File that holds the administrator's password. */
export const ADMIN_PASSWORD_FILE = "grafana-admin-password";

/** From a span to the lines of its trace: their id stands in structured metadata, which a line filter misses. */
const LOGS_OF_TRACE = {
  datasourceUid: "loki",
  spanStartTimeShift: "-1h",
  spanEndTimeShift: "1h",
  tags: [{ key: "service.name", value: "service_name" }],
  customQuery: true,
  query: '{$${__tags}} | trace_id="$${__trace.traceId}"',
};

/** `provisioning/datasources/datasources.yaml`. In such a file `$$` stands for `$`. */
export function renderDataSources({ placement, sources }: GrafanaSettings): object {
  const { prometheus, alertmanager, tempo, loki, jaeger } = sources;
  const source = (uid: string, type: string, address: Address, jsonData: object = {}) => ({
    uid,
    name: uid,
    type,
    access: "proxy",
    url: toEndpoint("https", address),
    isDefault: uid === "prometheus",
    jsonData: { ...jsonData, tlsAuth: true, tlsAuthWithCACert: true, serverName: address.host },
    secureJsonData: clientFiles(placement),
  });
  return {
    apiVersion: 1,
    prune: true,
    datasources: [
      ...(prometheus
        ? [
            source("prometheus", "prometheus", prometheus, {
              httpMethod: "POST",
              exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: "tempo" }],
            }),
          ]
        : []),
      ...(alertmanager ? [source("alertmanager", "alertmanager", alertmanager, { implementation: "prometheus" })] : []),
      ...(tempo
        ? [
            source("tempo", "tempo", tempo, {
              tracesToLogsV2: LOGS_OF_TRACE,
              serviceMap: { datasourceUid: "prometheus" },
              nodeGraph: { enabled: true },
            }),
          ]
        : []),
      ...(loki
        ? [
            source("loki", "loki", loki, {
              derivedFields: [
                {
                  name: "trace_id",
                  matcherType: "label",
                  matcherRegex: "trace_id",
                  url: "$${__value.raw}",
                  datasourceUid: "tempo",
                },
              ],
            }),
          ]
        : []),
      ...(jaeger ? [source("jaeger", "jaeger", jaeger)] : []),
    ],
  };
}

function clientFiles({ paths }: GrafanaSettings["placement"]): object {
  const { caFile, certFile, keyFile } = tlsFiles(paths);
  return {
    tlsCACert: `$__file{${caFile}}`,
    tlsClientCert: `$__file{${certFile}}`,
    tlsClientKey: `$__file{${keyFile}}`,
  };
}

/** Settings as the environment variables Grafana reads in the place of grafana.ini. */
export function renderGrafanaEnv({ placement }: GrafanaSettings): Readonly<Record<string, string>> {
  const { bind, ports, paths } = placement;
  const { certFile, keyFile } = tlsFiles(paths);
  return {
    GF_SERVER_PROTOCOL: "https",
    GF_SERVER_HTTP_ADDR: bind,
    GF_SERVER_HTTP_PORT: String(ports.http),
    GF_SERVER_CERT_FILE: certFile,
    GF_SERVER_CERT_KEY: keyFile,
    GF_SECURITY_ADMIN_PASSWORD: `$__file{${within(paths.secrets, ADMIN_PASSWORD_FILE)}}`,
    GF_PATHS_PROVISIONING: within(paths.config, "provisioning"),
    GF_PATHS_DATA: within(paths.data, "grafana"),
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_AUTH_ANONYMOUS_ENABLED: "false",
    GF_USERS_ALLOW_SIGN_UP: "false",
  };
}
