import type { Destination } from "../../components/collector/settings.ts";
import { parseAddress, portOfUrl } from "../../components/core/endpoint.ts";
import type { ExternalGreptimedbSource } from "../../components/grafana/settings.ts";
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
export function planGreptimedbConnections({ greptimedb: { external } }: Environment): readonly ExternalConnection[] {
  if (external === undefined) return [];
  const { url, mysql } = external;
  const connect = (from: ExternalConnection["from"], port: number) => ({ from, to: "outside", port }) as const;
  return [
    connect("gateway", portOfUrl(url)),
    connect("grafana", portOfUrl(url)),
    ...(mysql === undefined ? [] : [connect("grafana", parseAddress(mysql).port)]),
  ];
}
