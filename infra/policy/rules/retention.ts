import type { PolicyRule, Unit } from "../model.ts";
import { argument, fileOf } from "../read/file.ts";
import { at, textAt, treeAt } from "../read/known.ts";

/** Says what is missing of a backend's retention; undefined when it is set. */
type Check = (unit: Unit) => string | undefined;

const CHECKS: Readonly<Record<string, { readonly key: string; readonly check: Check }>> = {
  prometheus: { key: "prometheus.retention", check: prometheusRetention },
  tempo: {
    key: "tempo.retention",
    check: (unit) => missing(isSet(at(fileOf(unit, "tempo.yaml"), "compactor", "compaction", "block_retention"))),
  },
  loki: { key: "loki.retention", check: lokiRetention },
  jaeger: { key: "jaeger.retention", check: jaegerRetention },
};

/** Disks fill up, and data outlives the time it may be kept for. */
export const retentionSet: PolicyRule = {
  name: "retention-set",
  description: "Prometheus, Tempo, Loki and Jaeger delete what is older than the environment says.",
  fix: "set <backend>.retention",
  check: ({ units }) =>
    units.flatMap((unit) => {
      const known = CHECKS[unit.program];
      const what = known?.check(unit);
      return what === undefined ? [] : [{ where: unit.where, urn: unit.urn, what, fix: `set ${known?.key}: 15d` }];
    }),
};

function prometheusRetention(unit: Unit): string | undefined {
  const file = treeAt(fileOf(unit, "prometheus.yml"), "storage", "tsdb", "retention");
  return missing(isSet(argument(unit, "storage.tsdb.retention.time")) || isSet(file["time"]) || isSet(file["size"]));
}

/** Loki deletes only when the compactor is told to, and where to note what. */
function lokiRetention(unit: Unit): string | undefined {
  const loki = fileOf(unit, "loki.yaml");
  if (at(loki, "compactor", "retention_enabled") !== true)
    return "its compactor deletes nothing: retention_enabled is off";
  if (textAt(loki, "compactor", "delete_request_store") === "") return "compactor.delete_request_store is missing";
  return missing(isSet(at(loki, "limits_config", "retention_period")));
}

function jaegerRetention(unit: Unit): string | undefined {
  const backends = Object.values(treeAt(fileOf(unit, "jaeger.yaml"), "extensions", "jaeger_storage", "backends"));
  // Other stores delete by a job of their own.
  const badgers = backends.flatMap((backend) => {
    const badger = at(backend, "badger");
    return badger === undefined ? [] : [badger];
  });
  return badgers.every((badger) => isSet(at(badger, "ttl", "spans"))) ? undefined : "keeps everything for ever";
}

function missing(set: boolean): string | undefined {
  return set ? undefined : "keeps everything for ever";
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== "" && !/^0+[a-z]*$/.test(String(value));
}
