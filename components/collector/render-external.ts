import type { ExternalAccess } from "../runtime/external-access.ts";
import { within } from "../runtime/workload.ts";
import type { Components } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import type { GatewaySettings } from "./settings.ts";

/**
 * What every exporter to a backend of somebody else's has, and the extension that signs it in.
 *
 * @param name - of the extension
 */
export function signIn(name: string, { credentials }: ExternalAccess, { placement }: GatewaySettings) {
  if (credentials === undefined) return { extensions: {} as Components, auth: {} };
  const id = componentId(TYPES.extension.bearerToken, name);
  // Its own kind for `Basic` takes no file: a password with a dollar in it would be read as a variable.
  const extension = { scheme: credentials.scheme, filename: within(placement.paths.secrets, credentials.secret) };
  return { extensions: { [id]: extension } as Components, auth: { auth: { authenticator: id } } };
}

/** It knows nothing of our authority, so it is shown no certificate of ours. */
export function tlsTo({ authority }: ExternalAccess): object {
  return { min_version: "1.2", ...(authority === undefined ? {} : { ca_pem: authority }) };
}
