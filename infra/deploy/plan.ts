import { logKeeperWorkload } from "../../components/runtime/process/log-keeper-workload.ts";
import type { Topology } from "../topology/topology.ts";
import { planBackends } from "./backends.ts";
import { planConsole } from "./console.ts";
import type { Deployable } from "./deployable.ts";
import { planGateways } from "./gateways.ts";
import { planHosts } from "./hosts.ts";

/** Every workload of an environment, and where it runs. Pure. */
export function planDeployables(topology: Topology): readonly Deployable[] {
  const { environment, logKeeper } = topology;
  const central = [
    ...planBackends(topology),
    ...planGateways(topology),
    ...planConsole(topology),
    ...(logKeeper === undefined ? [] : [logKeeperWorkload({ placement: logKeeper, capMiB: environment.logCapMiB })]),
  ];
  const machineOf = (name: string) => (environment.runtime === "process" ? "this machine" : name);
  return [
    ...central.map((workload) => ({ workload, runtime: environment.runtime, machine: machineOf(workload.name) })),
    ...planHosts(topology),
  ];
}
