import { toAddress } from "../core/endpoint.ts";
import { tlsFiles } from "../runtime/workload.ts";
import type { Components, PipelineConfig } from "./config.ts";
import { componentId, TYPES } from "./names.ts";
import { clientTls, diskQueue, RETRY_FOREVER, TOKEN } from "./render-shared.ts";
import type { GatewaySettings, SamplingSettings } from "./settings.ts";

export const SAMPLED_BATCH = componentId(TYPES.processor.batch, "sampled");
export const TO_PEERS = componentId(TYPES.connector.routing, "peers");

/** Number of values of the part of a trace id that decides who owns it. */
const TRACE_ID_RANGE = 0x1_0000;

/** Whether any trace may be dropped; where none may, there is no sampler to hold spans in memory. */
export function isSampling(sampling: SamplingSettings): boolean {
  return [sampling.default, ...Object.values(sampling.services)].some((rate) => rate < 1);
}

/** What brings every span of a trace to the one gateway that decides about it. */
export interface PeerRouting {
  readonly exporters: Components;
  readonly connectors: Components;
  readonly pipelines: Readonly<Record<string, PipelineConfig>>;
}

/**
 * Each gateway owns an equal share of the trace ids (S0-31), and every other gateway keeps a queue on disk for it.
 * Not the load-balancing exporter: it has one queue for all peers and repeats a whole batch when one peer refuses
 * its part, so one dead gateway stops the traces of all and doubles those of the living.
 *
 * @param sizeMiB - size of each of these queues
 */
export function renderPeerRouting({ placement, peers }: GatewaySettings, sizeMiB: number): PeerRouting {
  const shares = peers.map((address, index) => ({
    pipeline: `traces/share_${index + 1}`,
    exporter: componentId(TYPES.exporter.otlpGrpc, `peer_${index + 1}`),
    end: Math.floor((TRACE_ID_RANGE * (index + 1)) / peers.length),
    address,
  }));
  return {
    exporters: Object.fromEntries(
      shares.map(({ exporter, address }) => [
        exporter,
        {
          endpoint: toAddress(address),
          tls: clientTls(tlsFiles(placement.paths)),
          auth: { authenticator: TOKEN },
          timeout: "5s",
          compression: "gzip",
          retry_on_failure: RETRY_FOREVER,
          sending_queue: diskQueue({ sizeMiB, blockWhenFull: false }),
        },
      ]),
    ),
    connectors: {
      [TO_PEERS]: {
        error_mode: "ignore",
        default_pipelines: shares.slice(-1).map(({ pipeline }) => pipeline),
        // A span takes the first route that fits. The last digits: the first ones are a clock in some tracers.
        table: shares.map(({ pipeline, end }) => ({
          context: "span",
          condition:
            end === TRACE_ID_RANGE
              ? "true"
              : `Substring(trace_id.string, 28, 4) < "${end.toString(16).padStart(4, "0")}"`,
          pipelines: [pipeline],
        })),
      },
    },
    pipelines: Object.fromEntries(
      shares.map(({ pipeline, exporter }) => [
        pipeline,
        { receivers: [TO_PEERS], processors: [], exporters: [exporter] },
      ]),
    ),
  };
}

/**
 * Keeps errors and slow traces always, of the rest the share each service asks for (C-01, C-02). A trace of
 * several services is kept at the highest of their rates.
 */
export function renderTailSampling({ default: rate, services, slowTraceMs }: SamplingSettings): object {
  const named = Object.entries(services);
  const service = (values: readonly string[]) => ({
    type: "string_attribute",
    string_attribute: { key: "service.name", values },
  });
  const share = (value: number) => ({
    name: "share",
    type: "probabilistic",
    probabilistic: { sampling_percentage: value * 100 },
  });
  const policyOf = (name: string, which: object, value: number) => ({
    name,
    type: "and",
    and: { and_sub_policy: [which, share(value)] },
  });
  const isOther = named.map(([name]) => `resource.attributes["service.name"] != "${name}"`).join(" and ");
  const others =
    named.length === 0
      ? { ...share(rate), name: "default" }
      : policyOf(
          "default",
          { name: "others", type: "ottl_condition", ottl_condition: { error_mode: "ignore", span: [isOther] } },
          rate,
        );
  return {
    decision_wait: "10s",
    num_traces: 50_000,
    // Late spans follow the decision of their trace: far more remembered than held.
    decision_cache: { sampled_cache_size: 200_000, non_sampled_cache_size: 200_000 },
    policies: [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: slowTraceMs } },
      ...named.map(([name, value]) => policyOf(`service ${name}`, { name: "service", ...service([name]) }, value)),
      others,
    ],
  };
}
