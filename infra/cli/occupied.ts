import { basename, dirname } from "node:path";
import { toAddress } from "../../components/core/endpoint.ts";
import type { Problem } from "../../components/core/errors.ts";
import {
  findOccupiedPorts,
  type OccupiedPort,
  probePorts,
  toPortProblems,
} from "../../components/runtime/process/occupied-ports.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import type { Environment } from "../environment/schema.ts";
import { stackFile } from "../environment/stack-file.ts";
import { stateFolder } from "./folders.ts";

type Listening = Pick<Workload, "name" | "ports">;

/**
 * What stops an environment's programs from listening on this machine: another environment once, however many ports it
 * holds, and every other program by itself.
 */
export async function findOccupied(
  workloads: readonly Listening[],
  environment: Pick<Environment, "name" | "network">,
): Promise<readonly Problem[]> {
  const occupied = await findOccupiedPorts(workloads, stateFolder(environment.name));
  const byEnvironment = Map.groupBy(occupied, ({ holder }) => holder?.stateFolder);
  const others: Problem[] = [];
  for (const [folder, ports] of byEnvironment) {
    if (folder === undefined) continue;
    others.push(
      toNeighbour(folder, ports, environment, await findFreeLoopback(workloads, environment.network.loopback)),
    );
  }
  return [...others, ...toPortProblems(byEnvironment.get(undefined) ?? [])];
}

function toNeighbour(
  folder: string,
  ports: readonly OccupiedPort[],
  { name, network }: Pick<Environment, "name" | "network">,
  free: string,
): Problem {
  const [first] = ports;
  const such = first === undefined ? "" : `, such as ${first.workload} ${toAddress(first.listener)}`;
  const elsewhere = dirname(folder) === dirname(stateFolder(name)) ? "" : `XDG_STATE_HOME=${dirname(dirname(folder))} `;
  const other = basename(folder);
  return {
    path: `${stackFile(name)}: network.loopback`,
    expected: "a network that no other environment of this machine uses",
    got: `${network.loopback}: the environment ${other} (${folder}) holds ${ports.length} of its ports${such}`,
    fix: `--set network.loopback=${free}, or network: { loopback: ${free} } in ${stackFile(name)}; to end the other: ${elsewhere}npm run destroy -- ${other}`,
  };
}

/** The first network on which every port is free. */
async function findFreeLoopback(workloads: readonly Listening[], loopback: string): Promise<string> {
  for (let last = 1; last < 255; last++) {
    const candidate = `127.0.${last}`;
    const moved = workloads.map(({ name, ports }) => ({ name, ports: move(ports, `${loopback}.`, `${candidate}.`) }));
    if ((await probePorts(moved)).length === 0) return candidate;
  }
  return "127.1.0";
}

/** The ports of one network on another; those that are not on it stay where they are, and are left out. */
function move(ports: Workload["ports"], from: string, to: string): Workload["ports"] {
  return Object.fromEntries(
    Object.entries(ports)
      .filter(([, { host }]) => host.startsWith(from))
      .map(([name, listener]) => [name, { ...listener, host: listener.host.replace(from, to) }]),
  );
}
