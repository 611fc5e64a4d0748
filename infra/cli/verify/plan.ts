import type { ExternalPrometheusAccess } from "../../../components/prometheus/external/access.ts";
import { type Address, toEndpoint } from "../../../components/core/endpoint.ts";
import type { Placement } from "../../../components/runtime/placement.ts";
import { EXTERNAL_GREPTIMEDB, EXTERNAL_PROMETHEUS, planExternalAccess } from "../../deploy/external-access.ts";
import { planAccess } from "../../deploy/external-prometheus-plan.ts";
import { planSourceNames } from "../../deploy/grafana.ts";
import type { Environment } from "../../environment/schema.ts";
import type { Topology } from "../../topology/topology.ts";

export type BackendKind = "prometheus" | "tempo" | "jaeger" | "loki" | "greptimedb" | "grafana";

/** A backend to read from. */
export interface VerifyBackend {
  readonly name: string;
  readonly kind: BackendKind;
  readonly endpoint: string;
  /** How one that somebody else runs is spoken to. @default it is our own */
  readonly access?: ExternalPrometheusAccess;
  /** Name of GreptimeDB's database. @default public */
  readonly database?: string;
  /** Uids of the data sources that Grafana has been given. @default none */
  readonly dataSources?: readonly string[];
}

/** An agent to send through. */
export interface VerifyAgent {
  readonly name: string;
  readonly host: string;
  /** Its receiver of OTLP over HTTP. */
  readonly otlp: string;
  /** Its receiver of OTLP over gRPC. */
  readonly otlpGrpc: string;
}

/** What `verify` sends through and reads from. */
export interface VerifyPlan {
  readonly agents: readonly VerifyAgent[];
  readonly backends: readonly VerifyBackend[];
  /** Backends left out, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** Where this machine reaches a port of a service. */
export function reach({ reachedAt, dial }: Placement, port: number): Address {
  return { host: reachedAt ?? dial, port };
}

/** The agents of the hosts this machine can send to, and every backend. */
export function planVerify(topology: Topology): VerifyPlan {
  const { environment, hosts, prometheus, tempo, jaeger, loki, greptimedb, grafana, skipped } = topology;
  const https = (placement: Placement, port: number) => toEndpoint("https", reach(placement, port));
  return {
    agents: hosts
      .filter(({ runtime }) => runtime === "process" || runtime === "docker")
      .map(({ hostName, agent }) => ({
        name: agent.name,
        host: hostName,
        otlp: toEndpoint("http", reach(agent, agent.ports.otlpHttp)),
        otlpGrpc: toEndpoint("http", reach(agent, agent.ports.otlpGrpc)),
      })),
    backends: [
      ...prometheus.map((replica) => ({
        name: replica.name,
        kind: "prometheus" as const,
        endpoint: https(replica, replica.ports.http),
      })),
      ...planExternal(environment),
      ...(tempo ? [{ name: "tempo", kind: "tempo" as const, endpoint: https(tempo, tempo.ports.http) }] : []),
      ...(jaeger ? [{ name: "jaeger", kind: "jaeger" as const, endpoint: https(jaeger, jaeger.ports.query) }] : []),
      ...(loki ? [{ name: "loki", kind: "loki" as const, endpoint: https(loki, loki.ports.http) }] : []),
      ...(greptimedb
        ? [
            {
              name: "greptimedb",
              kind: "greptimedb" as const,
              endpoint: toEndpoint("http", reach(greptimedb, greptimedb.ports.http)),
            },
          ]
        : []),
      ...(grafana
        ? [
            {
              name: "grafana",
              kind: "grafana" as const,
              endpoint: https(grafana, grafana.ports.http),
              dataSources: planSourceNames(topology),
            },
          ]
        : []),
    ],
    skipped,
  };
}

function planExternal({ prometheus, greptimedb }: Environment): readonly VerifyBackend[] {
  const backends: VerifyBackend[] = [];
  if (prometheus.external !== undefined) {
    const access = planAccess(prometheus.external);
    backends.push({ name: EXTERNAL_PROMETHEUS, kind: "prometheus", endpoint: access.url, access });
  }
  if (greptimedb.external !== undefined) {
    const access = planExternalAccess(EXTERNAL_GREPTIMEDB, greptimedb.external);
    const { database } = greptimedb.external;
    backends.push({ name: EXTERNAL_GREPTIMEDB, kind: "greptimedb", endpoint: access.url, access, database });
  }
  return backends;
}

/** Why this machine cannot ask an environment's backends; undefined where it can. */
export function whyUnreachable({ name, runtime }: Pick<Environment, "name" | "runtime">): string | undefined {
  if (runtime !== "kubernetes") return undefined;
  return `gateways and backends of ${name} are reached inside their cluster alone`;
}
