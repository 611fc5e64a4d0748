import type { PolicyRule, Unit, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";

const SAMPLERS = new Set(["tail_sampling", "probabilistic_sampler"]);

/** Samplers of an SDK that keep all or nothing, so that no share is multiplied with the gateways'. */
const WHOLE = new Set(["always_on", "always_off", "parentbased_always_on", "parentbased_always_off"]);

/** Two samplers multiply: 0.1 of 0.1 is 1 %. */
export const samplingOwnedOnce: PolicyRule = {
  name: "sampling-owned-once",
  description: "Traces are sampled by the gateways alone, once, and after span metrics have counted them (C-02, C-03).",
  fix: "state the share in sampling.default or sampling.services and nowhere else",
  check: ({ units }) => [
    ...units.flatMap(sdkSampler),
    ...collectorsOf(units).flatMap((view) => (view.role === "agent" ? agentSampler(view) : gatewaySamplers(view))),
  ],
};

function sdkSampler({ env, where, urn }: Unit): readonly Violation[] {
  const sampler = env["OTEL_TRACES_SAMPLER"];
  if (sampler === undefined || WHOLE.has(sampler)) return [];
  return [{ where: `${where}: OTEL_TRACES_SAMPLER`, urn, what: `${sampler} samples before the gateways do` }];
}

function isSampler(id: string): boolean {
  return SAMPLERS.has(typeOf(id));
}

function agentSampler({ unit, pipelines }: CollectorView): readonly Violation[] {
  return pipelines
    .filter(({ processors }) => processors.some(isSampler))
    .map(({ name }) => ({ where: `${unit.where}: pipeline ${name}`, urn: unit.urn, what: "an agent samples" }));
}

function gatewaySamplers({ unit, pipelines, connectors }: CollectorView): readonly Violation[] {
  const sampling = pipelines.filter(({ processors }) => processors.some(isSampler));
  const twice = sampling.flatMap(({ processors }) => processors.filter(isSampler)).slice(1);
  const counted = sampling.flatMap(({ exporters }) =>
    exporters.filter((id) => typeOf(id) === "spanmetrics" && id in connectors),
  );
  return [
    ...twice.map((id) => ({ where: `${unit.where}: processor ${id}`, urn: unit.urn, what: "samples a second time" })),
    ...counted.map((id) => ({
      where: `${unit.where}: connector ${id}`,
      urn: unit.urn,
      what: "counts spans after sampling: rates and errors come out too low",
    })),
  ];
}
