import type { PolicyRule, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { at } from "../read/known.ts";

const SAMPLERS = new Set(["tail_sampling", "probabilistic_sampler"]);

/** A batch processor before the queue loses what it holds (collector #12711). */
export const batchInQueue: PolicyRule = {
  name: "collector-batch-in-queue",
  description:
    "Batches are made inside the queue, or of a gateway's traces by those who send them; a batch processor stands right after the tail sampler or nowhere.",
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

function queuesWithoutBatch(view: CollectorView): readonly Violation[] {
  const { unit, exporters } = view;
  return Object.entries(exporters)
    .filter(([id]) => !takesBatches(view, id))
    .filter(([, exporter]) => at(exporter, "sending_queue", "enabled") === true)
    .filter(([, exporter]) => at(exporter, "sending_queue", "batch") === undefined)
    .map(([id]) => ({
      where: `${unit.where}: exporter ${id}`,
      urn: unit.urn,
      what: "its queue makes no batches: one request for each of the agents' requests",
    }));
}

/** A gateway is handed traces in batches, by agents and by its sampler's own processor (decision 21). */
function takesBatches({ role, pipelines }: CollectorView, id: string): boolean {
  const feeding = pipelines.filter(({ exporters }) => exporters.includes(id));
  return role === "gateway" && feeding.length > 0 && feeding.every(({ name }) => typeOf(name) === "traces");
}
