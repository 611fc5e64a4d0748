import { type Address, toAddress } from "../core/endpoint.ts";
import type { Placement } from "../runtime/placement.ts";
import { tlsFiles } from "../runtime/workload.ts";
import type { Components, PipelineConfig } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import {
  clientTls,
  diskQueue,
  FAST_COMPRESSION,
  instanceOf,
  MEMORY_LIMITER,
  RETRY_FOREVER,
  TOKEN,
} from "./render-shared.ts";
import type { GatewaySettings } from "./settings.ts";

/** Receiver of the spans that peers hand over. */
export const PEER = componentId(TYPES.receiver.otlp, "peer");
/** Splits the spans by the gateway that owns their trace. */
export const TO_PEERS = componentId(TYPES.connector.routing, "peers");
/** Brings what peers handed over to the sampler. */
export const FROM_PEERS = componentId(TYPES.connector.forward, "sampled");
/** Pipeline of the sampler; it takes from {@link TO_PEERS} and {@link FROM_PEERS}. */
export const SAMPLED = "traces/sampled";

/** Number of values of the part of a trace id that decides who owns it. */
const TRACE_ID_RANGE = 0x1_0000;

/** What brings every span of a trace to the one gateway that decides about it. */
export interface PeerRouting {
  readonly exporters: Components;
  readonly connectors: Components;
  readonly pipelines: Readonly<Record<string, PipelineConfig>>;
}

/** The part of the trace ids that one gateway owns. */
interface Share {
  /** Pipeline to its owner's peer port. */
  readonly pipeline: string;
  readonly exporter: string;
  readonly owner: Address;
  /** Condition of a trace id below its end; every id that no share before it took. Undefined for the last share. */
  readonly below: string | undefined;
}

/**
 * Each gateway owns an equal share of the trace ids (S0-31), hands its own to its sampler in the process, and keeps a
 * queue on disk for every other gateway. Not the load-balancing exporter: it has one queue for all peers and repeats a
 * whole batch when one peer refuses its part, so one dead gateway stops the traces of all and doubles those of the living.
 *
 * @param sizeMiB - size of each of these queues
 */
export function renderPeerRouting({ placement, peers }: GatewaySettings, sizeMiB: number): PeerRouting {
  const shares = planShares(peers);
  const toPeer = ({ owner }: Share) => ({
    endpoint: toAddress(owner),
    tls: clientTls(tlsFiles(placement.paths)),
    auth: { authenticator: TOKEN },
    timeout: "5s",
    compression: FAST_COMPRESSION,
    retry_on_failure: RETRY_FOREVER,
    sending_queue: diskQueue({ sizeMiB, blockWhenFull: false, flush: "none" }),
  });
  return {
    exporters: Object.fromEntries(shares.map((share) => [share.exporter, toPeer(share)])),
    connectors: { [TO_PEERS]: renderRoutes(shares, placement), [FROM_PEERS]: {} },
    pipelines: {
      // The own share's is there too: replicas share one file, and its queue may hold what an older version put there.
      ...Object.fromEntries(
        shares.map(({ pipeline, exporter }) => [
          pipeline,
          { receivers: [TO_PEERS], processors: [], exporters: [exporter] },
        ]),
      ),
      // Limits memory here and not at the sampler: the own share was let in once already, and a refusal after a peer's
      // queue took its part would double that part.
      "traces/peers": { receivers: [PEER], processors: [MEMORY_LIMITER], exporters: [FROM_PEERS] },
    },
  };
}

function planShares(peers: readonly Address[]): readonly Share[] {
  return peers.map((owner, index) => {
    const end = Math.floor((TRACE_ID_RANGE * (index + 1)) / peers.length);
    return {
      pipeline: `traces/share_${index + 1}`,
      exporter: componentId(TYPES.exporter.otlpGrpc, `peer_${index + 1}`),
      owner,
      // The last digits: the first ones are a clock in some tracers.
      below:
        end === TRACE_ID_RANGE
          ? undefined
          : `Substring(trace_id.string, 28, 4) < "${end.toString(16).padStart(4, "0")}"`,
    };
  });
}

interface Route {
  readonly condition: string;
  readonly pipeline: string;
}

/** A span takes the first route that fits; what is left at the end goes on whole, without a look at each span. */
function renderRoutes(shares: readonly Share[], placement: Placement): object {
  const routes = shares.flatMap((share) => toRoutes(share, placement));
  const last = routes.slice(-1);
  // A table must not be empty: a gateway without peers owns every trace.
  const table = routes.length === 1 ? last : routes.slice(0, -1);
  return {
    error_mode: "ignore",
    default_pipelines: last.map(({ pipeline }) => pipeline),
    table: table.map(({ condition, pipeline }) => ({ context: "span", condition, pipelines: [pipeline] })),
  };
}

/** Replicas with one file find their own share by the name that the runtime gives each of them. */
function toRoutes({ below, owner, pipeline }: Share, placement: Placement): readonly Route[] {
  const { nameVariable, dial } = placement;
  if (nameVariable === undefined) {
    return [{ condition: below ?? "true", pipeline: owner.host === dial ? SAMPLED : pipeline }];
  }
  const isOwn = `"${instanceOf(placement)}.${dial}" == "${owner.host}"`;
  return [
    { condition: below === undefined ? isOwn : `${isOwn} and ${below}`, pipeline: SAMPLED },
    { condition: below ?? "true", pipeline },
  ];
}
