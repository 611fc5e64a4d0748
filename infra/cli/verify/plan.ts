import { toEndpoint } from "../../../components/core/endpoint.ts";
import type { Topology } from "../../topology/topology.ts";

export type BackendKind = "prometheus" | "tempo" | "jaeger" | "loki" | "greptimedb";

/** A backend to read from. */
export interface VerifyBackend {
  readonly name: string;
  readonly kind: BackendKind;
  readonly endpoint: string;
}

/** An agent to send through. */
export interface VerifyAgent {
  readonly name: string;
  readonly host: string;
  readonly otlp: string;
}

/** What `verify` sends through and reads from. */
export interface VerifyPlan {
  readonly agents: readonly VerifyAgent[];
  readonly backends: readonly VerifyBackend[];
  /** Backends left out, with the reason. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** The agents of the hosts this machine can send to, and every backend. */
export function planVerify({ hosts, prometheus, tempo, jaeger, loki, greptimedb, skipped }: Topology): VerifyPlan {
  const https = (host: string, port: number) => toEndpoint("https", { host, port });
  return {
    agents: hosts
      .filter(({ runtime }) => runtime === "process")
      .map(({ hostName, agent }) => ({
        name: agent.name,
        host: hostName,
        otlp: toEndpoint("http", { host: agent.dial, port: agent.ports.otlpHttp }),
      })),
    backends: [
      ...prometheus.map(({ name, dial, ports }) => ({
        name,
        kind: "prometheus" as const,
        endpoint: https(dial, ports.http),
      })),
      ...(tempo ? [{ name: "tempo", kind: "tempo" as const, endpoint: https(tempo.dial, tempo.ports.http) }] : []),
      ...(jaeger
        ? [{ name: "jaeger", kind: "jaeger" as const, endpoint: https(jaeger.dial, jaeger.ports.query) }]
        : []),
      ...(loki ? [{ name: "loki", kind: "loki" as const, endpoint: https(loki.dial, loki.ports.http) }] : []),
      ...(greptimedb
        ? [
            {
              name: "greptimedb",
              kind: "greptimedb" as const,
              endpoint: toEndpoint("http", { host: greptimedb.dial, port: greptimedb.ports.http }),
            },
          ]
        : []),
    ],
    skipped,
  };
}
