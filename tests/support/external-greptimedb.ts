import { parseEnvironment } from "../../infra/cli/arguments.ts";
import type { Environment, EnvironmentName } from "../../infra/environment/schema.ts";

/** An address that nobody has. */
export const GREPTIMEDB_URL = "https://greptimedb.example.org";

/** A certificate in form alone. */
export const GREPTIMEDB_AUTHORITY = "-----BEGIN CERTIFICATE-----\nof the cluster\n-----END CERTIFICATE-----\n";

/** All that may be said of one. */
export const SIGNED_IN = {
  mysql: "greptimedb.example.org:4002",
  user: "gpu",
  password: "greptimePassword",
  database: "gpus",
  authority: GREPTIMEDB_AUTHORITY,
};

/**
 * A committed environment that uses an existing GreptimeDB.
 *
 * @param more - `path=value` for each other value that is not the committed one
 */
export function withExternalGreptimedb(
  name: EnvironmentName,
  external: object = {},
  more: readonly string[] = [],
): Environment {
  const greptimedb = { external: { url: GREPTIMEDB_URL, ...external } };
  const settings = [`greptimedb=${JSON.stringify(greptimedb)}`, ...more];
  return parseEnvironment([name, ...settings.flatMap((setting) => ["--set", setting])]);
}
