import type { Environment } from "../environment/schema.ts";
import type { ServiceName } from "./ports.ts";

/** Last number of the first replica's address; others follow, so that a container keeps its address whatever else runs. */
const CENTRAL: Partial<Record<ServiceName, number>> = {
  prometheus: 1,
  alertmanager: 3,
  tempo: 6,
  loki: 7,
  jaeger: 8,
  greptimedb: 9,
  grafana: 10,
  gateway: 20,
};
const ON_HOSTS: Partial<Record<ServiceName, number>> = { agent: 0, "dcgm-exporter": 1, "node-exporter": 2 };
const FIRST_HOST = 50;
const LAST_ADDRESS = 254;

/** Where the machine of a Docker engine reaches a container of a gateway or backend. */
export function publishedCentral({ docker }: Environment, service: ServiceName, replica: number): string {
  return `${docker.loopback}.${(CENTRAL[service] ?? LAST_ADDRESS) + replica}`;
}

/** The same for a container of a GPU host; none for hosts beyond what one network has addresses for. */
export function publishedOnHost({ docker }: Environment, service: ServiceName, host: number): string | undefined {
  const number = FIRST_HOST + 3 * host + (ON_HOSTS[service] ?? 0);
  return number > LAST_ADDRESS ? undefined : `${docker.loopback}.${number}`;
}
