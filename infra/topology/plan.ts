import { KERNEL_LOG_FILE } from "../../components/runtime/ssh/names.ts";
import { type Address, parseAddress } from "../../components/core/endpoint.ts";
import type { Environment, HostDescription } from "../environment/schema.ts";
import { throwIfAny } from "../../components/core/errors.ts";
import { placeCentral, placeOnHost, placeReplicas, toSets } from "./place.ts";
import { findUnknownPorts } from "./ports.ts";
import type { Placed, PlannedHost, Topology } from "./topology.ts";

/** What the machine cannot run, with the reason: decides the parts that are `if-available`. */
export type Unavailable = Readonly<Record<string, string>>;

/**
 * Decides who runs where, on which address and port. Pure: the same environment gives the same topology.
 *
 * @throws {ConfigError} when `network.ports` names a port no service has
 */
export function planTopology(environment: Environment, unavailable: Unavailable = {}): Topology {
  throwIfAny(findUnknownPorts(environment));
  const gateways = placeReplicas(environment, "gateway", environment.gateways);
  const optional = planOptional(environment, unavailable);
  return {
    name: environment.name,
    environment,
    hosts: environment.hosts.map((host, index) => planHost(environment, host, index, gateways)),
    gateways,
    ...planJudges(environment),
    ...optional.placed,
    skipped: { ...optional.skipped, ...skippedJudges(environment) },
  };
}

/** Who keeps metrics and judges rules, and who tells people; an existing Prometheus has its own Alertmanager. */
function planJudges(environment: Environment): Pick<Topology, "prometheus" | "alertmanager"> {
  if (environment.prometheus.external !== undefined) return { prometheus: [], alertmanager: [] };
  return {
    prometheus: placeReplicas(environment, "prometheus", countOf(environment.prometheus)),
    alertmanager: placeReplicas(environment, "alertmanager", countOf(environment.alertmanager)),
  };
}

function skippedJudges({ prometheus: { external } }: Environment): Readonly<Record<string, string>> {
  if (external === undefined) return {};
  const reason = `prometheus.external is used: ${external.url}`;
  return { prometheus: reason, alertmanager: `${reason}, which tells an Alertmanager of its own` };
}

/** Parts that a stack switches on and off. */
type Optional = "tempo" | "loki" | "jaeger" | "greptimedb" | "grafana" | "console";

function planOptional(environment: Environment, unavailable: Unavailable) {
  const skipped: Record<string, string> = {};
  const { external } = environment.greptimedb;
  if (external !== undefined) skipped["greptimedb"] = `greptimedb.external is used: ${external.url}`;
  const wanted = (service: Optional): boolean => {
    if (skipped[service] !== undefined) return false;
    const { enabled } = environment[service];
    const reason = unavailable[service];
    if (enabled === "if-available" && reason !== undefined) skipped[service] = reason;
    if (enabled === false) skipped[service] = `switched off: ${service}.enabled is false`;
    return skipped[service] === undefined;
  };
  const place = <S extends Optional>(service: S) =>
    wanted(service) ? { [service]: placeCentral(environment, service, environment[service]) } : {};
  const placed: Pick<Topology, Optional | "logKeeper"> = {
    ...place("tempo"),
    ...place("loki"),
    ...place("jaeger"),
    ...place("greptimedb"),
    ...place("grafana"),
    ...(environment.runtime === "process"
      ? { logKeeper: placeCentral(environment, "log-keeper", { memoryMiB: 128 }), ...place("console") }
      : {}),
  };
  return { placed, skipped };
}

function planHost(
  environment: Environment,
  host: HostDescription,
  index: number,
  gateways: readonly Placed<"gateway">[],
): PlannedHost {
  const dcgmExporter: Placed<"dcgm-exporter"> = placeOnHost(environment, "dcgm-exporter", {
    host,
    index,
    // A fixed 512 MiB is the best known failure of dcgm-exporter: its memory grows with the GPUs.
    memoryMiB: 256 + 64 * host.gpus,
  });
  return {
    name: host.name,
    hostName: host.runtime === "kubernetes" ? "${env:HOST_NAME}" : host.name,
    runtime: host.runtime,
    gpus: host.gpus,
    ...(host.gpuModel === undefined ? {} : { gpuModel: host.gpuModel }),
    groups: host.groups,
    labels: host.labels,
    state: host.state,
    nodeLabels: host.nodeLabels,
    simulated: host.simulated,
    scenario: host.scenario,
    agent: placeOnHost(environment, "agent", { host, index, memoryMiB: 512 }),
    dcgmExporter,
    nodeExporter: placeOnHost(environment, "node-exporter", { host, index, memoryMiB: 128 }),
    gateways: rotate(gatewaysOf(environment, host, gateways), index),
    kernelLogs: [host.simulated ? simulatedKernelLog(host, dcgmExporter) : kernelLog(host)],
    nvidiaLogs: host.simulated ? [] : ["/var/log/nvidia-*.log", "/var/log/fabricmanager.log"],
  };
}

/** On an ssh host we write it ourselves, with priorities (S0-64). */
function kernelLog({ runtime }: HostDescription): string {
  return runtime === "ssh" ? KERNEL_LOG_FILE : "/var/log/kern.log";
}

/** The simulator keeps a kern.log of its own; a process's folder stands beside the agent's. */
function simulatedKernelLog(host: HostDescription, { name, paths }: Placed<"dcgm-exporter">): string {
  const file = `${paths.data}/log/kern.log`;
  return host.runtime === "process" ? `../${name}/${file}` : file;
}

/**
 * Where a host sends: to the gateways by their own names beside them, else where the environment says they are
 * reached. On Kubernetes one name stands for all: a set that scales has no list of its own.
 */
function gatewaysOf(
  environment: Environment,
  { runtime }: HostDescription,
  gateways: readonly Placed<"gateway">[],
): readonly Address[] {
  if (runtime !== environment.runtime) return environment.gateways.addresses.map(parseAddress);
  return toSets(environment, "gateway", gateways).map(({ dial, ports }) => ({ host: dial, port: ports.otlpGrpc }));
}

function countOf({ replicas, memoryMiB }: { readonly replicas: number; readonly memoryMiB: number }) {
  return { count: replicas, memoryMiB };
}

function rotate<T>(items: readonly T[], by: number): readonly T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
