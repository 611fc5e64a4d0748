import type { ExternalAccess } from "../../components/runtime/external-access.ts";
import type { Environment } from "../environment/schema.ts";

/** Name of what is made for an existing Prometheus: of exporters, objects, rendered files. */
export const EXTERNAL_PROMETHEUS = "external-prometheus";

/** The same of an existing GreptimeDB. */
export const EXTERNAL_GREPTIMEDB = "external-greptimedb";

/** What an environment says of a backend that somebody else runs. */
export interface ExternalDescription {
  readonly url: string;
  readonly user?: string | undefined;
  /** Name of the stack's secret. */
  readonly password?: string | undefined;
  /** Name of the stack's secret. */
  readonly token?: string | undefined;
  readonly authority?: string | undefined;
}

/** The backends of an environment that somebody else runs, by the name of what is made for them. */
export function externalsOf({
  prometheus,
  greptimedb,
}: Environment): readonly (readonly [name: string, external: ExternalDescription])[] {
  return [
    ...(prometheus.external === undefined ? [] : [[EXTERNAL_PROMETHEUS, prometheus.external] as const]),
    ...(greptimedb.external === undefined ? [] : [[EXTERNAL_GREPTIMEDB, greptimedb.external] as const]),
  ];
}

/** Secret with what one is signed in to with, as a header spells it; made of the stack's own. */
export function credentialsSecret(name: string): string {
  return `${name}-credentials`;
}

/** How one is spoken to. Pure. */
export function planExternalAccess(
  name: string,
  { url, password, token, authority }: ExternalDescription,
): ExternalAccess {
  const scheme = password !== undefined ? "Basic" : token !== undefined ? "Bearer" : undefined;
  return {
    url: withoutSlash(url),
    ...(scheme === undefined ? {} : { credentials: { scheme, secret: credentialsSecret(name) } }),
    authority,
  };
}

export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
