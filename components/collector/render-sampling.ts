import { componentId, TYPES } from "./names.ts";
import type { SamplingSettings } from "./settings.ts";

export const SAMPLED_BATCH = componentId(TYPES.processor.batch, "sampled");

/** Whether any trace may be dropped; where none may, there is no sampler to hold spans in memory. */
export function isSampling(sampling: SamplingSettings): boolean {
  return [sampling.default, ...Object.values(sampling.services)].some((rate) => rate < 1);
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
