import type { Placement } from "../placement.ts";
import type { Workload } from "../workload.ts";

export interface LogKeeperSettings {
  readonly placement: Placement<"http">;
  /** Folder of the workloads, seen from its own. @default ".." */
  readonly folder?: string;
  /** Largest size of one workload's log in MiB; as much again at most is kept of older lines. */
  readonly capMiB: number;
}

/** The program that keeps the logs of processes below their cap; other runtimes cap logs themselves. */
export function logKeeperWorkload({ placement, folder = "..", capMiB }: LogKeeperSettings): Workload {
  const { name, bind, ports, memoryMiB } = placement;
  return {
    name,
    service: "log-keeper",
    program: "log-keeper",
    args: ["--folder", folder, "--cap-mib", String(capMiB), "--host", bind, "--port", String(ports.http)],
    files: {},
    secretFiles: {},
    env: {},
    ports: { http: { host: bind, port: ports.http, protocol: "tcp", access: "plaintext" } },
    volumes: [],
    health: { port: "http", path: "/healthz", deadlineSeconds: 15 },
    resources: { memoryMiB, cpu: 0.05 },
  };
}
