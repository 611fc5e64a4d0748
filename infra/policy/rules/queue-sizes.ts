import { posix } from "node:path";
import type { PolicyRule, Unit, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { at, numberAt, textAt, treeAt } from "../read/known.ts";

const MIB = 1024 ** 2;

/** A full disk fails every queue on it, also those of backends that are there. */
export const queuesFit: PolicyRule = {
  name: "collector-queues-fit",
  description: "The disk-backed queues of a collector fit its volume together when each is full.",
  fix: "set a larger gateways.queueMiB: components/collector/plan-queues.ts divides it among the queues",
  check: ({ units }) => collectorsOf(units).flatMap(checkCollector),
};

function checkCollector(view: CollectorView): readonly Violation[] {
  const { unit, extensions } = view;
  return Object.keys(extensions)
    .filter((id) => typeOf(id) === "file_storage")
    .flatMap((storage) => {
      const volumeMiB = volumeOf(unit, textAt(extensions, storage, "directory"));
      if (volumeMiB === undefined) return [];
      const queues = queuesOn(storage, view);
      const uncounted = queues.filter(({ bytes }) => bytes === undefined);
      const sumMiB = queues.reduce((sum, { bytes = 0 }) => sum + bytes, 0) / MIB;
      return [
        ...uncounted.map(({ id }) => ({
          where: `${unit.where}: ${id}`,
          urn: unit.urn,
          what: "its queue is not limited in bytes: sizer must be bytes, and queue_size say how many",
        })),
        ...(sumMiB <= volumeMiB
          ? []
          : [
              {
                where: unit.where,
                urn: unit.urn,
                what: `its queues may hold ${Math.ceil(sumMiB)} MiB on a volume of ${volumeMiB} MiB`,
              },
            ]),
      ];
    });
}

/** Size of the volume a folder is on, where it is known. */
function volumeOf({ mounts }: Unit, folder: string): number | undefined {
  return mounts.find(({ path }) => folder === path || !posix.relative(path, folder).startsWith(".."))?.sizeMiB;
}

/** Exporters and connectors whose queue is kept by a storage, and how much each may hold. */
function queuesOn(storage: string, { exporters, connectors }: CollectorView) {
  return Object.entries({ ...exporters, ...connectors })
    .map(([id, owner]) => ({ id, queue: treeAt(owner, "sending_queue") }))
    .filter(({ queue }) => at(queue, "enabled") !== false && textAt(queue, "storage") === storage)
    .map(({ id, queue }) => ({
      id,
      bytes: textAt(queue, "sizer") === "bytes" ? numberAt(queue, "queue_size") : undefined,
    }));
}
