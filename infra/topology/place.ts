import type { Placement } from "../../components/runtime/placement.ts";
import { CONTAINER_PATHS, hostPaths, PROCESS_PATHS, type WorkloadPaths } from "../../components/runtime/workload.ts";
import type { Environment, HostDescription } from "../environment/schema.ts";
import { planPorts, type ServiceName } from "./ports.ts";
import type { Placed, RuntimeName } from "./topology.ts";

/** Namespace of gateways and backends on Kubernetes. */
const NAMESPACE = "gpu-observability";

/** Places one replica of a gateway or backend. */
export function placeCentral<S extends ServiceName>(
  environment: Environment,
  service: S,
  options: { readonly memoryMiB: number; readonly replica?: number },
): Placed<S> {
  const { replica, memoryMiB } = options;
  const name = replica === undefined ? service : `${service}-${letter(replica)}`;
  const { bind, dial } = centralAddress(environment, name, replica ?? 0);
  return {
    name,
    bind,
    dial,
    ports: planPorts(environment, service) as Placement["ports"],
    paths: pathsOf(environment.runtime, name),
    certificateNames: [name, dial],
    memoryMiB,
  };
}

/** Places an agent or exporter on a GPU host: reachable from that host only. */
export function placeOnHost<S extends ServiceName>(
  environment: Environment,
  service: S,
  options: { readonly host: HostDescription; readonly index: number; readonly memoryMiB: number },
): Placed<S> {
  const { host, index, memoryMiB } = options;
  const name = `${host.name}-${service}`;
  const local = host.runtime === "process" ? loopback(environment, index) : "127.0.0.1";
  return {
    name,
    bind: local,
    dial: local,
    ports: planPorts(environment, service) as Placement["ports"],
    paths: pathsOf(host.runtime, name),
    certificateNames: [name, ...(host.address === undefined ? [] : [host.address])],
    memoryMiB,
  };
}

function centralAddress(environment: Environment, name: string, replica: number) {
  switch (environment.runtime) {
    case "process":
      return { bind: loopback(environment, replica), dial: loopback(environment, replica) };
    case "docker":
      return { bind: "0.0.0.0", dial: name };
    case "kubernetes":
      return { bind: "0.0.0.0", dial: `${name}.${NAMESPACE}.svc` };
  }
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
