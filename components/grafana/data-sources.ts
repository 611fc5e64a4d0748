import { type Address, toAddress, toEndpoint } from "../core/endpoint.ts";
import { type ExternalPrometheusAccess, TENANT_HEADER } from "../prometheus/external/access.ts";
import type { GrafanaDataSource, Hidden } from "./content.ts";
import { linkFromExemplar, linkFromLine, linksFromSpan, planLinkTargets } from "./correlations.ts";
import type { GrafanaContentSettings, GreptimedbSource } from "./settings.ts";

/** The environment's authority and a client certificate, as every backend asks for one. */
const CERTIFICATE: Readonly<Record<string, Hidden>> = {
  tlsCACert: { tls: "ca" },
  tlsClientCert: { tls: "cert" },
  tlsClientKey: { tls: "key" },
};

/** One source per backend there is. A link is written only where what it leads to is a source, too. */
export function planDataSources({ sources, scrapeInterval }: GrafanaContentSettings): readonly GrafanaDataSource[] {
  const { prometheus, externalPrometheus, alertmanager, tempo, loki, jaeger, greptimedb } = sources;
  const targets = planLinkTargets(sources);
  const timeInterval = scrapeInterval ?? "15s";
  const metrics = { httpMethod: "POST", timeInterval, ...linkFromExemplar(targets) };
  return [
    ...source("prometheus", prometheus, {
      ...metrics,
      ...(alertmanager === undefined ? {} : { alertmanagerUid: "alertmanager" }),
    }),
    ...(externalPrometheus === undefined ? [] : [planExternalPrometheus(externalPrometheus, metrics)]),
    ...source("alertmanager", alertmanager, { implementation: "prometheus", handleGrafanaManagedAlerts: false }),
    ...source("tempo", tempo, {
      ...linksFromSpan(targets),
      ...(targets.metrics === undefined ? {} : { serviceMap: { datasourceUid: targets.metrics } }),
    }),
    ...source("loki", loki, { maxLines: 1000, ...linkFromLine(targets) }),
    ...source("jaeger", jaeger, linksFromSpan(targets)),
    ...(greptimedb === undefined ? [] : planGreptimedb(greptimedb, timeInterval)),
  ];
}

function source(type: string, address: Address | undefined, jsonData: object): readonly GrafanaDataSource[] {
  if (address === undefined) return [];
  return [
    {
      uid: type,
      type,
      url: toEndpoint("https", address),
      isDefault: type === "prometheus",
      jsonData: { ...jsonData, tlsAuth: true, tlsAuthWithCACert: true, serverName: address.host },
      hidden: CERTIFICATE,
    },
  ];
}

/** Under the name of our own, by which every panel asks. */
function planExternalPrometheus(access: ExternalPrometheusAccess, jsonData: object): GrafanaDataSource {
  const { url, credentials, tenant, authority } = access;
  const headers: readonly (readonly [name: string, value: Hidden])[] = [
    ...(credentials === undefined
      ? []
      : [["Authorization", { secret: credentials.secret, prefix: `${credentials.scheme} ` }] as const]),
    ...(tenant === undefined ? [] : [[TENANT_HEADER, { text: tenant }] as const]),
  ];
  return {
    uid: "prometheus",
    type: "prometheus",
    url,
    isDefault: true,
    jsonData: {
      ...jsonData,
      ...(authority === undefined ? {} : { tlsAuthWithCACert: true }),
      ...Object.fromEntries(headers.map(([name], index) => [`httpHeaderName${index + 1}`, name])),
    },
    hidden: {
      ...(authority === undefined ? {} : { tlsCACert: { text: authority } }),
      ...Object.fromEntries(headers.map(([, value], index) => [`httpHeaderValue${index + 1}`, value])),
    },
  };
}

/** The long-term copy: its metrics in PromQL; its logs and traces in SQL. */
function planGreptimedb({ http, mysql, user }: GreptimedbSource, timeInterval: string): readonly GrafanaDataSource[] {
  const password: Hidden = { secret: "greptimedb-password" };
  return [
    {
      uid: "greptimedb",
      type: "prometheus",
      url: toEndpoint("http", http, "/v1/prometheus"),
      isDefault: false,
      basicAuthUser: user,
      jsonData: { httpMethod: "POST", timeInterval },
      hidden: { basicAuthPassword: password },
    },
    {
      uid: "greptimedb-sql",
      type: "mysql",
      url: toAddress(mysql),
      isDefault: false,
      user,
      jsonData: { database: "public", tlsAuthWithCACert: true },
      hidden: { tlsCACert: { tls: "ca" }, password },
    },
  ];
}
