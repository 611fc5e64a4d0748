import type { Problem } from "../../components/core/errors.ts";
import type { Listener, Workload } from "../../components/runtime/workload.ts";
import type { RuntimeName } from "../topology/topology.ts";

/** A workload and where it was planned to run. */
export interface Deployable {
  readonly workload: Workload;
  readonly runtime: RuntimeName;
  /** Listeners of one machine must not clash; a container is a machine of its own. */
  readonly machine: string;
}

const EVERYWHERE = new Set(["0.0.0.0", "::"]);

/** Listeners that ask for the same port of the same machine; one on every address meets one on any. */
export function findPortClashes(deployables: readonly Deployable[]): readonly Problem[] {
  const claimed = new Map<string, Claim[]>();
  return deployables.flatMap(({ workload, machine }) =>
    Object.entries(workload.ports).flatMap(([name, listener]) => {
      const claim = { owner: `${workload.name}.${name}`, listener };
      const earlier = claimed.get(machine) ?? [];
      claimed.set(machine, earlier);
      const other = earlier.find((one) => clash(one, claim));
      earlier.push(claim);
      if (other === undefined) return [];
      return [
        {
          path: `${claim.owner} on ${machine}`,
          expected: "a port of its own",
          got: `${listener.host}:${listener.port}, already the port of ${other.owner}`,
          fix: `give one of them another port: network.ports: { ${workload.service}.${name}: <port> }`,
        },
      ];
    }),
  );
}

interface Claim {
  /** `loki.http` */
  readonly owner: string;
  readonly listener: Listener;
}

/** Of two listeners of one machine. */
function clash({ listener: a }: Claim, { listener: b }: Claim): boolean {
  const protocols = (listener: Listener) => listener.protocol.split("+");
  return (
    a.port === b.port &&
    protocols(a).some((protocol) => protocols(b).includes(protocol)) &&
    (a.host === b.host || EVERYWHERE.has(a.host) || EVERYWHERE.has(b.host))
  );
}
