import type { Placement } from "../../components/runtime/placement.ts";
import { CONTAINER_PATHS, hostPaths, PROCESS_PATHS, type WorkloadPaths } from "../../components/runtime/workload.ts";
import type { Environment, HostDescription } from "../environment/schema.ts";
import { publishedCentral, publishedOnHost } from "./published.ts";
import { planPorts, type ServiceName } from "./ports.ts";
import type { Placed, RuntimeName } from "./topology.ts";

/** Namespace of gateways and backends on Kubernetes. */
export const NAMESPACE = "gpu-observability";

/** Namespace of agents and exporters: they see their nodes, which Pod Security forbids in the other. */
export const HOST_NAMESPACE = "gpu-observability-hosts";

/** Places the one copy of a backend, or a set of copies that a name in front of them makes one. */
export function placeCentral<S extends ServiceName>(
  environment: Environment,
  service: S,
  { memoryMiB, replicas = 1 }: { readonly memoryMiB: number; readonly replicas?: number },
): Placed<S> {
  const placed = place(environment, service, { name: service, index: 0, memoryMiB });
  if (replicas === 1) return placed;
  return { ...placed, ...ofSet(placed.certificateNames, placed.dial), replicas };
}

/** Places the replicas of a gateway or backend whose clients know each of them. */
export function placeReplicas<S extends ServiceName>(
  environment: Environment,
  service: S,
  { memoryMiB, count }: { readonly memoryMiB: number; readonly count: number },
): readonly Placed<S>[] {
  const inSet = environment.runtime === "kubernetes";
  return Array.from({ length: count }, (_, index) =>
    place(environment, service, { name: `${service}-${inSet ? index : letter(index)}`, index, memoryMiB }),
  );
}

/**
 * What stands for replicas where it comes to running them: on Kubernetes one set of equal copies, elsewhere each.
 *
 * @param moreNames - names clients know beside the planned ones
 */
export function toSets<S extends ServiceName>(
  environment: Environment,
  service: S,
  replicas: readonly Placed<S>[],
  moreNames: readonly string[] = [],
): readonly Placed<S>[] {
  const [first] = replicas;
  const named = (placed: Placed<S>) => ({ ...placed, certificateNames: [...placed.certificateNames, ...moreNames] });
  if (environment.runtime !== "kubernetes" || first === undefined) return replicas.map(named);
  const dial = inCluster(service);
  return [named({ ...first, ...ofSet([service], dial), name: service, dial, replicas: replicas.length })];
}

/** A certificate for every copy there may ever be, each of which learns its name from the runtime. */
function ofSet(names: readonly string[], dial: string) {
  return { certificateNames: [...new Set([...names, dial, `*.${dial}`])], nameVariable: "POD_NAME" as const };
}

/** Places an agent or exporter on a GPU host: reachable from that host only. */
export function placeOnHost<S extends ServiceName>(
  environment: Environment,
  service: S,
  options: { readonly host: HostDescription; readonly index: number; readonly memoryMiB: number },
): Placed<S> {
  const { host, memoryMiB } = options;
  const name = `${host.name}-${service}`;
  const { bind, dial, reachedAt } = hostAddress(environment, service, options);
  return {
    name,
    ...(host.runtime === "kubernetes" ? { nameVariable: "HOST_NAME" as const } : {}),
    bind,
    dial,
    ...(reachedAt === undefined ? {} : { reachedAt }),
    ports: planPorts(environment, service) as Placement["ports"],
    paths: pathsOf(host.runtime, name),
    certificateNames: [name, ...(host.address === undefined ? [] : [host.address])],
    memoryMiB,
  };
}

/** Loopback of the host itself; each part of a host in containers is a machine of its own. */
function hostAddress(
  environment: Environment,
  service: ServiceName,
  { host, index }: { readonly host: HostDescription; readonly index: number },
) {
  const local = host.runtime === "process" ? loopback(environment, index) : "127.0.0.1";
  if (host.runtime !== "docker") return { bind: local, dial: local };
  return {
    bind: "0.0.0.0",
    dial: `${host.name}-${service}`,
    reachedAt: publishedOnHost(environment, service, index),
  };
}

function place<S extends ServiceName>(
  environment: Environment,
  service: S,
  { name, index, memoryMiB }: { readonly name: string; readonly index: number; readonly memoryMiB: number },
): Placed<S> {
  const { bind, dial } = centralAddress(environment, service, name, index);
  const reachedAt = environment.runtime === "docker" ? publishedCentral(environment, service, index) : undefined;
  return {
    name,
    bind,
    dial,
    ...(reachedAt === undefined ? {} : { reachedAt }),
    ports: planPorts(environment, service) as Placement["ports"],
    paths: pathsOf(environment.runtime, name),
    certificateNames: [name, dial, ...(reachedAt === undefined ? [] : [reachedAt])],
    memoryMiB,
  };
}

function centralAddress(environment: Environment, service: string, name: string, index: number) {
  switch (environment.runtime) {
    case "process":
      return { bind: loopback(environment, index), dial: loopback(environment, index) };
    case "docker":
      return { bind: "0.0.0.0", dial: name };
    case "kubernetes":
      return { bind: "0.0.0.0", dial: name === service ? inCluster(service) : `${name}.${inCluster(service)}` };
  }
}

/** Name of a set's Service; a replica's own name stands in front of it. */
export function inCluster(service: string): string {
  return `${service}.${NAMESPACE}.svc`;
}

/** Linux answers on all of 127/8, so each replica and each simulated host has an address of its own. */
function loopback({ network }: Environment, index: number): string {
  return `${network.loopback}.${index + 1}`;
}

function pathsOf(runtime: RuntimeName, name: string): WorkloadPaths {
  switch (runtime) {
    case "process":
      return PROCESS_PATHS;
    case "ssh":
      return hostPaths(name);
    case "docker":
    case "kubernetes":
      return CONTAINER_PATHS;
  }
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + index);
}
