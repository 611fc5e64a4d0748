import { within, type Workload } from "../runtime/workload.ts";
import type { GrafanaSettings } from "./settings.ts";

const PASSWORD_FILE = "grafana-database-password";
const KEY_FILE = "grafana-secret-key";
const AUTHORITY_FILE = "grafana-database-ca.pem";

/**
 * What a Grafana that keeps its state in PostgreSQL gets beside the rest.
 *
 * `grafana-secret-key` is made by the platform: it seals the passwords of data sources in a database that copies share,
 * and Grafana's own default is known to everybody. Alerts are Prometheus's and Alertmanager's here; Grafana's own
 * alerting is off, because several copies would each tell of every alert, and the gossip that prevents it has no TLS.
 */
export function databaseParts({
  placement,
  database,
}: Pick<GrafanaSettings, "placement" | "database">): Pick<Workload, "env" | "files" | "secretFiles"> {
  if (database === undefined) return { env: {}, files: {}, secretFiles: {} };
  const { address, name, user, password, authority } = database;
  const { paths } = placement;
  return {
    env: {
      GF_DATABASE_TYPE: "postgres",
      GF_DATABASE_HOST: address,
      GF_DATABASE_NAME: name,
      GF_DATABASE_USER: user,
      GF_DATABASE_PASSWORD: fromFile(within(paths.secrets, PASSWORD_FILE)),
      GF_DATABASE_SSL_MODE: "verify-full",
      ...(authority === undefined ? {} : { GF_DATABASE_CA_CERT_PATH: within(paths.config, AUTHORITY_FILE) }),
      GF_SECURITY_SECRET_KEY: fromFile(within(paths.secrets, KEY_FILE)),
      GF_UNIFIED_ALERTING_ENABLED: "false",
    },
    files: authority === undefined ? {} : { [AUTHORITY_FILE]: authority },
    secretFiles: { [PASSWORD_FILE]: password, [KEY_FILE]: "grafana-secret-key" },
  };
}

/** Read by Grafana itself; `GF_…__FILE` is read by its image's start script alone. */
function fromFile(path: string): string {
  return `$__file{${path}}`;
}
