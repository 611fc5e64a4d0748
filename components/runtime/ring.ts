import { mutualTlsListeners, renderDskitClientTls } from "./listeners.ts";
import type { Placement } from "./placement.ts";
import type { Listener } from "./workload.ts";

/** What the runtime tells each copy about itself; programs built on dskit put it in with `-config.expand-env`. */
const OWN_NAME = "${POD_NAME}";
const OWN_ADDRESS = "${POD_IP}";

/** Copies that keep a line or span before it is in the object store: one may be lost, the other two answer. */
const MOST_KEEPERS = 3;

/** A program built on dskit (Loki, Tempo): one copy, or several that find each other by gossip. */
export type RingPlacement = Placement<"http" | "grpc" | "gossip">;

/** What a copy tells the others about itself, and where it keeps what they tell. */
export interface Ring {
  /** Address the other copies reach it by. */
  readonly address: string;
  /** The same in the words of a dskit ring, with its name where there are several. */
  readonly identity: { readonly instance_addr: string; readonly instance_id?: string };
  readonly kvstore: { readonly store: "inmemory" | "memberlist" };
  /** How many copies keep everything that comes in. */
  readonly factor: number;
  /** Host of the query frontends that this copy works for: itself, or the name that all copies answer to. */
  readonly frontends: string;
}

/** Whether there are several copies. */
export function isReplicated({ replicas = 1 }: Placement): boolean {
  return replicas > 1;
}

/**
 * The ring of a placement.
 *
 * @param alone - address by which the parts of a single copy call each other
 */
export function planRing(placement: RingPlacement, alone: string): Ring {
  const { replicas = 1, dial } = placement;
  if (!isReplicated(placement)) {
    return {
      address: alone,
      identity: { instance_addr: alone },
      kvstore: { store: "inmemory" },
      factor: 1,
      frontends: alone,
    };
  }
  return {
    address: OWN_ADDRESS,
    identity: { instance_addr: OWN_ADDRESS, instance_id: OWN_NAME },
    kvstore: { store: "memberlist" },
    factor: Math.min(MOST_KEEPERS, replicas),
    frontends: dial,
  };
}

/**
 * `memberlist` of a dskit program with several copies; nothing for one. It carries who is there, never telemetry.
 *
 * The label keeps Loki's copies from taking Tempo's for their own.
 */
export function renderMemberlist(placement: RingPlacement): { readonly memberlist?: object } {
  if (!isReplicated(placement)) return {};
  const { bind, dial, ports } = placement;
  return {
    memberlist: {
      node_name: OWN_NAME,
      bind_addr: [bind],
      bind_port: ports.gossip,
      advertise_addr: OWN_ADDRESS,
      advertise_port: ports.gossip,
      join_members: [`dns+${dial}:${ports.gossip}`],
      // Two halves that started apart, or were cut apart, come together again.
      rejoin_interval: "1m",
      cluster_label: dial,
      ...renderDskitClientTls(placement),
    },
  };
}

/** Arguments without which the variables of {@link planRing} stay text. */
export function replicaArgs(placement: Placement): readonly string[] {
  return isReplicated(placement) ? ["-config.expand-env=true"] : [];
}

/**
 * Every listener of a placement. Gossip has one only where there are several copies, and dskit's gossip is
 * encrypted and proves the called to the caller, but asks no certificate of the caller: only the network keeps
 * strangers away.
 */
export function replicaListeners<Name extends string>(
  placement: Placement<Name | "gossip">,
): Record<Name, Listener> & { readonly gossip?: Listener } {
  const { gossip, ...others } = mutualTlsListeners<string>(placement);
  const named = others as Record<Name, Listener>;
  if (gossip === undefined || !isReplicated(placement)) return named;
  return { ...named, gossip: { ...gossip, access: "plaintext" } };
}
