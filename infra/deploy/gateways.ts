import type { Destination } from "../../components/collector/settings.ts";
import { gatewayWorkload } from "../../components/collector/workload.ts";
import { type Address, parseAddress } from "../../components/core/endpoint.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import { toSets } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { planGreptimedbDestinations } from "./external-greptimedb.ts";
import { planExternalDestinations } from "./external-prometheus-plan.ts";

/** The gateways. */
export function planGateways(topology: Topology): readonly Workload[] {
  const { name, environment, gateways } = topology;
  const { sampling, metrics } = environment;
  const outside = environment.gateways.addresses.map((address) => parseAddress(address).host);
  return toSets(environment, "gateway", gateways, outside).map((placement) =>
    gatewayWorkload({
      placement,
      environment: name,
      peers: gateways.map(({ dial, ports }) => ({ host: dial, port: ports.peer })),
      sampling,
      views: { drop: metrics.drop },
      destinations: planDestinations(topology),
      scrapeEnabled: metrics.path === "scrape",
      debugEnabled: environment.gateways.debugExporter,
      queueMiB: environment.gateways.queueMiB,
      ...(environment.gateways.maxCount === undefined ? {} : { maxReplicas: environment.gateways.maxCount }),
    }),
  );
}

/** Every backend that takes what gateways send; in scrape mode Prometheus comes and fetches. */
export function planDestinations(topology: Topology): readonly Destination[] {
  const { tempo, jaeger, loki, greptimedb, prometheus, environment } = topology;
  const { datadog } = environment;
  const { path } = environment.metrics;
  const at = (placement: { readonly dial: string }, port: number): Address => ({ host: placement.dial, port });
  return [
    ...(path === "scrape"
      ? []
      : prometheus.map((replica) => ({
          kind: "prometheus" as const,
          name: replica.name,
          address: at(replica, replica.ports.http),
          path,
        }))),
    ...planExternalDestinations(environment),
    ...(tempo === undefined ? [] : [{ kind: "tempo" as const, address: at(tempo, tempo.ports.otlp) }]),
    ...(jaeger === undefined ? [] : [{ kind: "jaeger" as const, address: at(jaeger, jaeger.ports.otlp) }]),
    ...(loki === undefined ? [] : [{ kind: "loki" as const, address: at(loki, loki.ports.http) }]),
    ...(greptimedb === undefined
      ? []
      : [
          {
            kind: "greptimedb" as const,
            address: at(greptimedb, greptimedb.ports.http),
            user: environment.greptimedb.user,
            retention: environment.greptimedb.retention,
          },
        ]),
    ...planGreptimedbDestinations(environment),
    ...(datadog.enabled ? [planDatadog(datadog)] : []),
  ];
}

function planDatadog({ site, agentEndpoint }: Topology["environment"]["datadog"]): Destination {
  return agentEndpoint === undefined ? { kind: "datadog", site } : { kind: "datadog", agent: agentEndpoint };
}
