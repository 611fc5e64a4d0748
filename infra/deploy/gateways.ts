import { leastQueueMiB } from "../../components/collector/plan-queues.ts";
import type { Destination, GatewaySettings } from "../../components/collector/settings.ts";
import { gatewayWorkload } from "../../components/collector/workload.ts";
import { type Address, parseAddress } from "../../components/core/endpoint.ts";
import { type Problem, throwIfAny } from "../../components/core/errors.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import type { Environment } from "../environment/schema.ts";
import { toSets } from "../topology/place.ts";
import type { Topology } from "../topology/topology.ts";
import { planGreptimedbDestinations } from "./external-greptimedb.ts";
import { planExternalDestinations } from "./external-prometheus-plan.ts";

/**
 * The gateways.
 *
 * @throws {ConfigError} when their volume has no room for the queues
 */
export function planGateways(topology: Topology): readonly Workload[] {
  return planGatewaySettings(topology).map(gatewayWorkload);
}

/**
 * What each gateway, or the set of them, is made from.
 *
 * @throws {ConfigError} when their volume has no room for the queues
 */
export function planGatewaySettings(topology: Topology): readonly GatewaySettings[] {
  const { name, environment, gateways } = topology;
  const { sampling, metrics } = environment;
  const outside = environment.gateways.addresses.map((address) => parseAddress(address).host);
  const peers = gateways.map(({ dial, ports }) => ({ host: dial, port: ports.peer }));
  const destinations = planDestinations(topology);
  throwIfAny(findSmallVolume(environment, leastQueueMiB({ sampling, peers, destinations })));
  return toSets(environment, "gateway", gateways, outside).map((placement) => ({
    placement,
    environment: name,
    peers,
    sampling,
    views: { drop: metrics.drop },
    destinations,
    scrapeEnabled: metrics.path === "scrape",
    debugEnabled: environment.gateways.debugExporter,
    queueMiB: environment.gateways.queueMiB,
    ...(environment.gateways.maxCount === undefined ? {} : { maxReplicas: environment.gateways.maxCount }),
  }));
}

function findSmallVolume({ name, gateways: { queueMiB } }: Environment, least: number): readonly Problem[] {
  if (queueMiB >= least) return [];
  return [
    {
      path: `stacks/Pulumi.${name}.yaml: gateways.queueMiB`,
      expected: `at least ${least}: with less a queue of a backend or another gateway is smaller than a batch`,
      got: String(queueMiB),
      fix: `set gateways.queueMiB: ${least}, or enable fewer backends`,
    },
  ];
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
