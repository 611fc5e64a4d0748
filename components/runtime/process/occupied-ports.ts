import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { basename } from "node:path";
import { toAddress } from "../../core/endpoint.ts";
import type { Problem } from "../../core/errors.ts";
import type { Workload } from "../workload.ts";
import type { NamedListener } from "./process-spec.ts";
import { toListeners } from "./process-spec.ts";
import { findHolders, type Protocol } from "./sockets.ts";
import { readProcessName } from "./proc.ts";
import { findStateFolder, listRunning } from "./process-record.ts";

/** A port a workload needs and cannot have. */
export interface OccupiedPort {
  readonly workload: string;
  readonly listener: NamedListener;
  readonly protocol: Protocol;
  /** Why the address cannot be bound: `EADDRINUSE`, `EADDRNOTAVAIL`, `EACCES`. */
  readonly code: string;
  /** Who holds it, where that can be seen: another user's process cannot. */
  readonly holder?: Holder;
}

/** A process that holds a port. */
export interface Holder {
  readonly pid: number;
  readonly name: string;
  /** State folder of the environment it belongs to. @default it is none of this project's */
  readonly stateFolder?: string;
}

/** Every planned port that something else holds. What processes of this environment hold is not occupied. */
export async function findOccupiedPorts(
  workloads: readonly Pick<Workload, "name" | "ports">[],
  stateFolder: string,
): Promise<readonly OccupiedPort[]> {
  const ours = listRunning(stateFolder).map(({ pid }) => pid);
  return probePorts(workloads, ours);
}

/**
 * Tries to bind every port, then looks up who holds those that cannot be.
 *
 * @param ours - numbers of processes whose ports count as free
 */
export async function probePorts(
  workloads: readonly Pick<Workload, "name" | "ports">[],
  ours: readonly number[] = [],
): Promise<readonly OccupiedPort[]> {
  const wanted = workloads.flatMap((workload) =>
    toListeners(workload).map((listener) => ({ workload: workload.name, listener })),
  );
  const found = await Promise.all(wanted.map(({ workload, listener }) => occupationsOf(workload, listener, ours)));
  return found.flat();
}

/** What to say about ports that are taken. */
export function toPortProblems(occupied: readonly OccupiedPort[]): readonly Problem[] {
  return occupied.map(({ workload, listener, protocol, code, holder }) => ({
    path: `${workload}: port ${listener.name}, ${protocol} ${toAddress(listener)}`,
    expected: "a free port",
    got: gotText(code, holder),
    fix: fixText(code, holder, listener),
  }));
}

function gotText(code: string, holder: OccupiedPort["holder"]): string {
  const environment = holder?.stateFolder === undefined ? "" : ` of the environment ${basename(holder.stateFolder)}`;
  if (holder !== undefined) return `held by ${holder.name} (pid ${holder.pid})${environment}`;
  if (code === "EADDRINUSE") return "held by a process of another user, or one that has just ended";
  if (code === "EADDRNOTAVAIL") return "this machine does not have the address";
  return `refused by the system (${code})`;
}

function fixText(code: string, holder: OccupiedPort["holder"], { port }: NamedListener): string {
  if (holder?.stateFolder !== undefined) return "give one of the two environments other ports or another network";
  if (holder !== undefined) return `end it if you do not need it: kill ${holder.pid}`;
  if (code === "EADDRINUSE") return `find it: ss -lnp 'sport = :${port}' (as root), end it`;
  if (code === "EADDRNOTAVAIL") return "add the address to the loopback interface";
  return "use a port above 1023";
}

async function occupationsOf(
  workload: string,
  listener: NamedListener,
  ours: readonly number[],
): Promise<readonly OccupiedPort[]> {
  const protocols: readonly Protocol[] = listener.protocol === "tcp+udp" ? ["tcp", "udp"] : [listener.protocol];
  const occupied: OccupiedPort[] = [];
  for (const protocol of protocols) {
    const code = await tryToBind(listener, protocol);
    if (code === undefined) continue;
    const pids = code === "EADDRINUSE" ? findHolders(listener, protocol) : [];
    if (pids.some((pid) => ours.includes(pid))) continue;
    const [pid] = pids;
    const holder = pid === undefined ? {} : { holder: describeHolder(pid) };
    occupied.push({ workload, listener, protocol, code, ...holder });
  }
  return occupied;
}

function describeHolder(pid: number): Holder {
  const stateFolder = findStateFolder(pid);
  const name = readProcessName(pid) ?? "unknown";
  return { pid, name, ...(stateFolder === undefined ? {} : { stateFolder }) };
}

function tryToBind({ host, port }: NamedListener, protocol: Protocol): Promise<string | undefined> {
  return new Promise((resolve) => {
    const refused = (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message);
    if (protocol === "tcp") {
      const server = createServer();
      server.once("error", refused);
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
    } else {
      const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
      socket.once("error", (error) => {
        socket.close();
        refused(error);
      });
      socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
    }
  });
}
