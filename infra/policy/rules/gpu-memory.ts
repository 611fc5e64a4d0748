import type { PolicyRule, Unit } from "../model.ts";
import { parseTree } from "../read/file.ts";
import { textAt, treesAt } from "../read/known.ts";

/** Memory of dcgm-exporter in MiB: itself, and the watches of each GPU. */
export function memoryFor(gpus: number): number {
  return 256 + 64 * gpus;
}

/** dcgm-exporter is not killed on the hosts that have the most GPUs. */
export const gpuExporterMemory: PolicyRule = {
  name: "gpu-exporter-memory",
  description:
    "The memory limit of dcgm-exporter grows with the GPUs of its host; 512Mi for all is its best known failure.",
  fix: "state the GPUs of the host: hosts[].gpus",
  check: ({ units }) =>
    units
      .filter(({ program, limits }) => program === "dcgm-exporter" && limits?.memoryMiB !== undefined)
      .flatMap((unit) => {
        const gpus = gpusOf(unit, units);
        const [limit, least] = [unit.limits?.memoryMiB ?? 0, memoryFor(gpus)];
        if (limit >= least) return [];
        const what = `limit of ${limit} MiB, ${gpus} GPUs need ${least} MiB`;
        return [{ where: unit.where, urn: unit.urn, what }];
      }),
};

/** GPUs of an exporter's host, from the inventory that the alerts are made with; 1 where it is not in it. */
function gpusOf({ name }: Unit, units: readonly Unit[]): number {
  const inventory = units.filter(({ program }) => program === "prometheus").flatMap(inventoryOf);
  const named = inventory.find(({ host }) => host !== "" && name.startsWith(`${host}-`));
  const pool = inventory.find(({ host }) => host === "");
  return named?.gpus ?? pool?.gpus ?? 1;
}

interface Counted {
  /** Empty for a pool. */
  readonly host: string;
  readonly gpus: number;
}

/** Reads the recording rules `host:gpu_expected:count`. */
function inventoryOf({ files }: Unit): readonly Counted[] {
  return Object.values(files)
    .filter((text) => text.includes("host:gpu_expected:count"))
    .flatMap((text) => treesAt(parseTree(text), "groups"))
    .flatMap((group) => treesAt(group, "rules"))
    .filter((rule) => textAt(rule, "record") === "host:gpu_expected:count")
    .map((rule) => ({
      host: textAt(rule, "labels", "host_name"),
      gpus: Number(/\d+/.exec(textAt(rule, "expr"))?.[0] ?? 1),
    }));
}
