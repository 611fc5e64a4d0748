import { isSampling } from "./render-sampling.ts";
import type { Destination, GatewaySettings } from "./settings.ts";

/** The queues of one gateway and the volume they share. All sizes are in MiB. */
export interface QueuePlan {
  readonly volumeMiB: number;
  /** Queues in front of backends, each of `backendMiB`. */
  readonly backends: number;
  readonly backendMiB: number;
  /** Queues in front of gateways that own a share of the traces, each of `peerMiB`; none without sampling. */
  readonly peers: number;
  readonly peerMiB: number;
  /** All queues together when each is full: never more than the volume. */
  readonly sumMiB: number;
}

/** What the division of a volume rests on. */
export type QueueSettings = Pick<GatewaySettings, "queueMiB" | "destinations" | "peers" | "sampling">;

/**
 * Share of the volume that the queues leave free. A queue counts its items; its file also holds bbolt's pages, and grows
 * 16 MiB at a time (`AllocSize`, https://pkg.go.dev/go.etcd.io/bbolt#DB).
 */
const FILE_SHARE = 0.1;
/** Share of the rest for traces on their way to another gateway, which wait there only while that gateway is away. */
const PEER_SHARE = 1 / 8;
/** A batch larger than its queue would never fit: 8,192 spans are about 8 MiB. */
const LEAST_MIB = 16;

/**
 * Divides a gateway's volume among its queues: equal parts for the exporters to backends, and one eighth for its peers
 * where traces are sampled. Pure.
 */
export function planQueues({ queueMiB, destinations, peers: gateways, sampling }: QueueSettings): QueuePlan {
  const usable = queueMiB * (1 - FILE_SHARE);
  const peers = isSampling(sampling) ? gateways.length : 0;
  const forPeers = peers === 0 ? 0 : usable * PEER_SHARE;
  const backends = destinations.reduce((sum, destination) => sum + queuesOf(destination), 0);
  const peerMiB = peers === 0 ? 0 : Math.floor(forPeers / peers);
  const backendMiB = backends === 0 ? 0 : Math.floor((usable - forPeers) / backends);
  const sumMiB = backends * backendMiB + peers * peerMiB;
  return { volumeMiB: queueMiB, backends, backendMiB, peers, peerMiB, sumMiB };
}

/** Smallest volume, in MiB, on which no queue is smaller than a batch. */
export function leastQueueMiB(settings: Omit<QueueSettings, "queueMiB">): number {
  const { backends, peers } = planQueues({ ...settings, queueMiB: 0 });
  const usable = Math.max(
    (backends * LEAST_MIB) / (peers === 0 ? 1 : 1 - PEER_SHARE),
    (peers * LEAST_MIB) / PEER_SHARE,
  );
  return Math.ceil(usable / (1 - FILE_SHARE));
}

/** Exporters of a destination, each with a queue; a log that remote write keeps in the place of one counts like it. */
function queuesOf(destination: Destination): number {
  switch (destination.kind) {
    case "prometheus":
    case "external-prometheus":
    case "tempo":
    case "jaeger":
    case "loki":
      return 1;
    case "greptimedb":
    case "external-greptimedb":
      return 3;
    case "datadog":
      return "agent" in destination ? 1 : 2;
  }
}
