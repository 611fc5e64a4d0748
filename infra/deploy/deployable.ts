import type { Problem } from "../../components/core/errors.ts";
import type { Workload } from "../../components/runtime/workload.ts";
import type { RuntimeName } from "../topology/topology.ts";

/** A workload and where it was planned to run. */
export interface Deployable {
  readonly workload: Workload;
  readonly runtime: RuntimeName;
  /** Listeners of one machine must not clash; a container is a machine of its own. */
  readonly machine: string;
}

/** Listeners that ask for the same port of the same machine. */
export function findPortClashes(deployables: readonly Deployable[]): readonly Problem[] {
  const owners = new Map<string, string>();
  return deployables.flatMap(({ workload, machine }) =>
    Object.entries(workload.ports).flatMap(([name, { host, port }]) => {
      const here = `${workload.name}.${name}`;
      const key = `${machine} ${host}:${port}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? here);
      if (owner === undefined) return [];
      return [
        {
          path: `${here} on ${machine}`,
          expected: "a port of its own",
          got: `${host}:${port}, already the port of ${owner}`,
          fix: `give one of them another port: network.ports: { ${workload.service}.${name}: <port> }`,
        },
      ];
    }),
  );
}
