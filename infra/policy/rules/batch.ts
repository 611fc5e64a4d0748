import type { PolicyRule, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { at } from "../read/known.ts";

const SAMPLERS = new Set(["tail_sampling", "probabilistic_sampler"]);

/** A batch processor before the queue loses what it holds (collector #12711). */
export const batchInQueue: PolicyRule = {
  name: "collector-batch-in-queue",
  description: "Batches are made inside the queue; a batch processor stands nowhere but right after the tail sampler.",
  fix: "remove the batch processor: sending_queue.batch of components/collector/render-shared.ts does its work",
  check: ({ units }) => collectorsOf(units).flatMap((view) => [...batchProcessors(view), ...queuesWithoutBatch(view)]),
};

function batchProcessors({ unit, pipelines }: CollectorView): readonly Violation[] {
  return pipelines.flatMap(({ name, processors }) =>
    processors.flatMap((id, index) => {
      const after = typeOf(processors[index - 1] ?? "");
      if (typeOf(id) !== "batch" || SAMPLERS.has(after)) return [];
      const what = `${id} holds data that no queue has yet`;
      return [{ where: `${unit.where}: pipeline ${name}`, urn: unit.urn, what }];
    }),
  );
}

function queuesWithoutBatch({ unit, exporters }: CollectorView): readonly Violation[] {
  return Object.entries(exporters)
    .filter(([, exporter]) => at(exporter, "sending_queue", "enabled") === true)
    .filter(([, exporter]) => at(exporter, "sending_queue", "batch") === undefined)
    .map(([id]) => ({
      where: `${unit.where}: exporter ${id}`,
      urn: unit.urn,
      what: "its queue makes no batches: one request for each of the agents' requests",
    }));
}
