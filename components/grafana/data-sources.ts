import { type Address, toAddress, toEndpoint } from "../core/endpoint.ts";
import type { GrafanaDataSource, Hidden } from "./content.ts";
import { linkFromExemplar, linkFromLine, linksFromSpan, planLinkTargets } from "./correlations.ts";
import { planExternalGreptimedb, planExternalPrometheus } from "./external-sources.ts";
import type { GrafanaContentSettings, GreptimedbSource } from "./settings.ts";

/** The environment's authority and a client certificate, as every backend asks for one. */
const CERTIFICATE: Readonly<Record<string, Hidden>> = {
  tlsCACert: { tls: "ca" },
  tlsClientCert: { tls: "cert" },
  tlsClientKey: { tls: "key" },
};

const ALERTMANAGER = { implementation: "prometheus", handleGrafanaManagedAlerts: false };

/** One source per backend there is, and per replica that no common address stands for. A link is written only where what it leads to is a source, too. */
export function planDataSources({ sources, scrapeInterval }: GrafanaContentSettings): readonly GrafanaDataSource[] {
  const { prometheus, externalPrometheus, alertmanager, tempo, loki, jaeger, greptimedb, externalGreptimedb } = sources;
  const { replicas = [] } = sources;
  const targets = planLinkTargets(sources);
  const timeInterval = scrapeInterval ?? "15s";
  const metrics = { httpMethod: "POST", timeInterval, ...linkFromExemplar(targets) };
  return [
    ...source("prometheus", prometheus, {
      ...metrics,
      ...(alertmanager === undefined ? {} : { alertmanagerUid: "alertmanager" }),
    }),
    ...(externalPrometheus === undefined ? [] : [planExternalPrometheus(externalPrometheus, metrics)]),
    ...source("alertmanager", alertmanager, ALERTMANAGER),
    ...replicas.flatMap(({ name, type, address }) =>
      source(type, address, type === "prometheus" ? metrics : ALERTMANAGER, name),
    ),
    ...source("tempo", tempo, {
      ...linksFromSpan(targets),
      ...(targets.metrics === undefined ? {} : { serviceMap: { datasourceUid: targets.metrics } }),
    }),
    ...source("loki", loki, { maxLines: 1000, ...linkFromLine(targets) }),
    ...source("jaeger", jaeger, linksFromSpan(targets)),
    ...(greptimedb === undefined ? [] : planGreptimedb(greptimedb, timeInterval)),
    ...(externalGreptimedb === undefined ? [] : planExternalGreptimedb(externalGreptimedb, timeInterval)),
  ];
}

function source(
  type: string,
  address: Address | undefined,
  jsonData: object,
  uid = type,
): readonly GrafanaDataSource[] {
  if (address === undefined) return [];
  return [
    {
      uid,
      type,
      url: toEndpoint("https", address),
      isDefault: uid === "prometheus",
      jsonData: { ...jsonData, tlsAuth: true, tlsAuthWithCACert: true, serverName: address.host },
      hidden: CERTIFICATE,
    },
  ];
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
