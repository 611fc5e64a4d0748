import { DATABASE_HEADER } from "../greptimedb/headers.ts";
import { type ExternalPrometheusAccess, TENANT_HEADER } from "../prometheus/external/access.ts";
import type { ExternalAccess } from "../runtime/external-access.ts";
import type { GrafanaDataSource, Hidden } from "./content.ts";
import type { ExternalGreptimedbSource } from "./settings.ts";

type Headers = readonly (readonly [name: string, value: Hidden])[];

/** Under the name of our own, by which every panel asks. */
export function planExternalPrometheus(access: ExternalPrometheusAccess, jsonData: object): GrafanaDataSource {
  const { url, tenant } = access;
  const headers: Headers = tenant === undefined ? [] : [[TENANT_HEADER, { text: tenant }]];
  return planPromql({ uid: "prometheus", url, isDefault: true }, access, headers, jsonData);
}

/** Under the names of our own; SQL where it is said who speaks it. */
export function planExternalGreptimedb(
  { access, database, mysql, user, password }: ExternalGreptimedbSource,
  timeInterval: string,
): readonly GrafanaDataSource[] {
  const { url, authority } = access;
  const metrics = { uid: "greptimedb", url: `${url}/v1/prometheus`, isDefault: false };
  const headers: Headers = [[DATABASE_HEADER, { text: database }]];
  const ca = trusting(authority);
  return [
    planPromql(metrics, access, headers, { httpMethod: "POST", timeInterval }),
    ...(mysql === undefined
      ? []
      : [
          {
            uid: "greptimedb-sql",
            type: "mysql",
            url: mysql,
            isDefault: false,
            ...(user === undefined ? {} : { user }),
            jsonData: { database, ...ca.jsonData },
            hidden: { ...ca.hidden, ...(password === undefined ? {} : { password: { secret: password } }) },
          },
        ]),
  ];
}

/** What speaks Prometheus's API; it is signed in to by a header, in which a password may hold a dollar. */
function planPromql(
  source: Pick<GrafanaDataSource, "uid" | "url" | "isDefault">,
  { credentials, authority }: ExternalAccess,
  more: Headers,
  jsonData: object,
): GrafanaDataSource {
  const headers: Headers = [
    ...(credentials === undefined
      ? []
      : [["Authorization", { secret: credentials.secret, prefix: `${credentials.scheme} ` }] as const]),
    ...more,
  ];
  const ca = trusting(authority);
  return {
    ...source,
    type: "prometheus",
    jsonData: {
      ...jsonData,
      ...ca.jsonData,
      ...Object.fromEntries(headers.map(([name], index) => [`httpHeaderName${index + 1}`, name])),
    },
    hidden: {
      ...ca.hidden,
      ...Object.fromEntries(headers.map(([, value], index) => [`httpHeaderValue${index + 1}`, value])),
    },
  };
}

function trusting(authority: string | undefined) {
  if (authority === undefined) return { jsonData: {}, hidden: {} };
  return { jsonData: { tlsAuthWithCACert: true }, hidden: { tlsCACert: { text: authority } } };
}
