import type { PolicyRule, Unit, Violation } from "../model.ts";
import type { Listening } from "../read/listener.ts";
import { clash, listenersOf } from "../read/listeners.ts";

/** Two programs cannot have one port of one machine. */
export const noPortClashes: PolicyRule = {
  name: "no-port-clashes",
  description: "No two programs ask for the same port of the same machine (C-08).",
  fix: "give one of them another port: network.ports: { <service>.<name>: <port> }",
  check: ({ units }) => {
    const claimed = new Map<string, Claim[]>();
    return units.flatMap(claimsOf).flatMap((claim): Violation[] => {
      // Of a thousand hosts, only those of one machine can clash.
      const earlier = claimed.get(claim.machine) ?? [];
      claimed.set(claim.machine, earlier);
      // An update that renames a resource is asked about it under both names.
      const isOther = ({ owner, urn }: Claim) => owner !== claim.owner || urn === claim.urn;
      const other = earlier.find((before) => isOther(before) && clash(before.listener, claim.listener));
      earlier.push(claim);
      if (other === undefined) return [];
      const { host, port } = claim.listener;
      return [{ where: claim.owner, urn: claim.urn, what: `${host}:${port} is already the port of ${other.owner}` }];
    });
  },
};

interface Claim {
  readonly owner: string;
  readonly urn: string;
  readonly machine: string;
  readonly listener: Listening;
}

function claimsOf(unit: Unit): readonly Claim[] {
  const { where, urn, network, runtime } = unit;
  const shared = runtime === "kubernetes" ? "nodes" : "this machine";
  const published = network.published.map(({ host, port, protocol }): Claim => ({
    owner: `${where}: published port`,
    urn,
    machine: network.machine ?? shared,
    listener: { name: "published", host, port, protocol: protocol === "udp" ? "udp" : "tcp", tls: "none" },
  }));
  const { machine } = network;
  if (machine === undefined) return published;
  // A pod in the network of its node states its ports a second time as host ports.
  return listenersOf(unit).map((listener) => ({ owner: `${where}: ${listener.name}`, urn, machine, listener }));
}
