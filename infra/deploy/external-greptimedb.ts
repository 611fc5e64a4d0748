import type { Destination } from "../../components/collector/settings.ts";
import type { ExternalGreptimedbSource } from "../../components/grafana/settings.ts";
import { podPortOf } from "../environment/outside-addresses.ts";
import type { Environment } from "../environment/schema.ts";
import { EXTERNAL_GREPTIMEDB, planExternalAccess } from "./external-access.ts";
import type { ExternalConnection } from "./external-prometheus-plan.ts";

/** What gateways write to. Pure. */
export function planGreptimedbDestinations({ greptimedb: { external } }: Environment): readonly Destination[] {
  if (external === undefined) return [];
  const access = planExternalAccess(EXTERNAL_GREPTIMEDB, external);
  return [{ kind: EXTERNAL_GREPTIMEDB, access, database: external.database }];
}

/** What Grafana asks; undefined where the environment has none. */
export function planExternalGreptimedbSource({
  greptimedb: { external },
}: Environment): ExternalGreptimedbSource | undefined {
  if (external === undefined) return undefined;
  const { database, mysql, user, password } = external;
  return { access: planExternalAccess(EXTERNAL_GREPTIMEDB, external), database, mysql, user, password };
}

/** Gateways write, Grafana asks over HTTP and in SQL. */
export function planGreptimedbConnections(environment: Environment): readonly ExternalConnection[] {
  const { external } = environment.greptimedb;
  if (external === undefined) return [];
  const { url, mysql } = external;
  const connect = (from: ExternalConnection["from"], address: string): ExternalConnection => ({
    from,
    to: "outside",
    port: podPortOf(environment, address),
  });
  return [
    connect("gateway", url),
    connect("grafana", url),
    ...(mysql === undefined ? [] : [connect("grafana", mysql)]),
  ];
}
