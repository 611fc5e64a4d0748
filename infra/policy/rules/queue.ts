import { posix } from "node:path";
import type { PolicyRule, Violation } from "../model.ts";
import { type CollectorView, collectorsOf, typeOf } from "../read/collector.ts";
import { at, numberAt, textAt } from "../read/known.ts";

/** Exporters that hand nothing to another machine. */
const STAY = new Set(["debug", "file", "nop", "prometheus"]);

/** Nothing is lost when a backend or a collector dies. */
export const persistentQueue: PolicyRule = {
  name: "collector-persistent-queue",
  description: "A disk-backed queue stands before every exporter that leaves the machine, and never gives up (S0-28).",
  fix: "give its destination a queue: gateways.queueMiB, components/collector/render-shared.ts",
  check: ({ units }) => collectorsOf(units).flatMap(checkCollector),
};

function checkCollector(view: CollectorView): readonly Violation[] {
  const { unit, exporters } = view;
  const sending = Object.entries(exporters).filter(([id]) => !STAY.has(typeOf(id)));
  return sending.flatMap(([id, exporter]) => {
    const what = faultOfExporter(view, id, exporter);
    return what === undefined ? [] : [{ where: `${unit.where}: exporter ${id}`, urn: unit.urn, what }];
  });
}

function faultOfExporter(view: CollectorView, id: string, exporter: unknown): string | undefined {
  if (typeOf(id) === "prometheusremotewrite") {
    return at(exporter, "wal") === undefined ? "has no wal: a restart loses what waits" : undefined;
  }
  if (at(exporter, "sending_queue", "enabled") === false || at(exporter, "sending_queue") === undefined) {
    return isFedByQueue(view, id) ? undefined : "has no queue: a backend that is down loses data";
  }
  return faultOfQueue(view, exporter) ?? faultOfRetry(exporter);
}

/** A failover connector may keep the queue for the exporters behind it (decision 0002). */
function isFedByQueue(view: CollectorView, id: string): boolean {
  const feeding = view.pipelines
    .filter(({ exporters }) => exporters.includes(id))
    .flatMap(({ receivers }) => receivers);
  return (
    feeding.length > 0 &&
    feeding.every((receiver) => {
      const connector = view.connectors[receiver];
      return typeOf(receiver) === "failover" && faultOfQueue(view, connector) === undefined;
    })
  );
}

function faultOfQueue({ extensions, started, unit }: CollectorView, owner: unknown): string | undefined {
  const storage = textAt(owner, "sending_queue", "storage");
  if (at(owner, "sending_queue", "enabled") !== true) return "its queue is off";
  if (storage === "") return "its queue is in memory: a restart loses what waits";
  if (typeOf(storage) !== "file_storage" || !started.includes(storage)) return `its storage ${storage} is not started`;
  const folder = textAt(extensions, storage, "directory");
  if (unit.runtime === "process") return undefined;
  const mount = unit.mounts.find(({ path }) => folder === path || !posix.relative(path, folder).startsWith(".."));
  return mount === undefined || mount.keeps === "none"
    ? `its queue in ${folder} is lost with the container`
    : undefined;
}

function faultOfRetry(exporter: unknown): string | undefined {
  if (at(exporter, "retry_on_failure", "enabled") === false) return "does not retry";
  const elapsed = at(exporter, "retry_on_failure", "max_elapsed_time");
  const endless = numberAt({ elapsed }, "elapsed") === 0 || elapsed === "0s";
  return endless ? undefined : "gives up after retry_on_failure.max_elapsed_time, which must be 0";
}
