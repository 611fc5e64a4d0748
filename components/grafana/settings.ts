import type { Address } from "../core/endpoint.ts";
import type { GoDuration } from "../core/units.ts";
import type { ExternalPrometheusAccess } from "../prometheus/external/access.ts";
import type { ExternalAccess } from "../runtime/external-access.ts";
import type { Placement } from "../runtime/placement.ts";
import type { SecretName } from "../runtime/workload.ts";

/** Backends Grafana reads, where the environment has them. */
export interface GrafanaSources {
  readonly prometheus?: Address;
  /** One that somebody else runs, in the place of `prometheus`. */
  readonly externalPrometheus?: ExternalPrometheusAccess;
  readonly alertmanager?: Address;
  /** Further replicas of Prometheus and Alertmanager that one address does not stand for. @default none */
  readonly replicas?: readonly ReplicaSource[];
  readonly tempo?: Address;
  readonly loki?: Address;
  readonly jaeger?: Address;
  readonly greptimedb?: GreptimedbSource;
  /** One that somebody else runs, in the place of `greptimedb`. */
  readonly externalGreptimedb?: ExternalGreptimedbSource;
}

/** One replica under a name of its own. */
export interface ReplicaSource {
  /** `prometheus-b`, also the uid of its data source. */
  readonly name: string;
  readonly type: "prometheus" | "alertmanager";
  readonly address: Address;
}

export interface GreptimedbSource {
  /** Its HTTP listener, which speaks no TLS. */
  readonly http: Address;
  readonly mysql: Address;
  readonly user: string;
}

export interface ExternalGreptimedbSource {
  readonly access: ExternalAccess;
  /** Name of its database. */
  readonly database: string;
  /** Where it speaks MySQL, `host:port`; over TLS with an authority in `access`. @default no source for SQL */
  readonly mysql?: string | undefined;
  readonly user?: string | undefined;
  /** Secret that holds the user's password. */
  readonly password?: SecretName | undefined;
}

/** A dashboard as Grafana stores it. */
export interface GrafanaDashboard {
  /** Never changes: links and state rest on it. */
  readonly uid: string;
  /** What the Foundation SDK built. */
  readonly model: object;
}

/** Where an alert goes; `secret` names the environment's secret that holds the URL or key. */
export type GrafanaReceiver =
  | { readonly kind: "webhook" | "teams"; readonly name: string; readonly secret: string }
  | { readonly kind: "slack"; readonly name: string; readonly channel: string; readonly secret: string }
  | { readonly kind: "pagerduty"; readonly name: string; readonly secret: string };

/** What a Grafana is to show, whoever runs it. */
export interface GrafanaContentSettings {
  readonly sources: GrafanaSources;
  /** How often metrics come in; `$__rate_interval` is four times that. @default 15s */
  readonly scrapeInterval?: GoDuration;
  /** @default none */
  readonly dashboards?: readonly GrafanaDashboard[];
  /** The receivers of Alertmanager, offered to alerts people write in Grafana. @default none */
  readonly receivers?: readonly GrafanaReceiver[];
}

export interface GrafanaSettings extends GrafanaContentSettings {
  /** Several copies (`placement.replicas`) need a database. */
  readonly placement: Placement<"http">;
  /** @default SQLite on the volume of its one copy */
  readonly database?: GrafanaDatabase | undefined;
  /** Address under which people reach it over HTTPS, where something publishes it. @default the address it listens on */
  readonly publicUrl?: string | undefined;
}

/** A PostgreSQL that somebody runs; spoken to over TLS, its certificate checked for its name. */
export interface GrafanaDatabase {
  /** `host:port` */
  readonly address: string;
  /** Name of the database. */
  readonly name: string;
  readonly user: string;
  /** Secret that holds the account's password. */
  readonly password: SecretName;
  /** Certificate (PEM) of the authority that signed the server's. @default those the machine trusts */
  readonly authority?: string | undefined;
}
