import { type ExternalPrometheusAccess, TENANT_HEADER } from "../prometheus/external/access.ts";
import { within } from "../runtime/workload.ts";
import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

type ExternalPrometheus = Extract<Destination, { kind: "external-prometheus" }>;

/** What every exporter to an existing Prometheus has, and the extension that signs it in. */
export function signIn({ access }: ExternalPrometheus, { placement }: GatewaySettings) {
  const { credentials, tenant } = access;
  const id = componentId(TYPES.extension.bearerToken, "external-prometheus");
  const extensions: Components =
    credentials === undefined
      ? {}
      : // Its own kind for `Basic` takes no file: a password with a dollar in it would be read as a variable.
        { [id]: { scheme: credentials.scheme, filename: within(placement.paths.secrets, credentials.secret) } };
  const common = {
    ...(credentials === undefined ? {} : { auth: { authenticator: id } }),
    ...(tenant === undefined ? {} : { headers: { [TENANT_HEADER]: tenant } }),
  };
  return { extensions, common };
}

/** It knows nothing of our authority, so it is shown no certificate of ours. */
export function tlsTo({ authority }: ExternalPrometheusAccess): object {
  return { min_version: "1.2", ...(authority === undefined ? {} : { ca_pem: authority }) };
}
