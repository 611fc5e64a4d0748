import type { PolicyRule, Unit } from "../model.ts";
import { textAt, treesAt } from "../read/known.ts";
import { parseTree } from "../read/parse-tree.ts";

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
  check: ({ units }) => {
    const inventory = inventoryOf(units);
    return units
      .filter(({ program, limits }) => program === "dcgm-exporter" && limits?.memoryMiB !== undefined)
      .flatMap((unit) => {
        const gpus = gpusOf(unit, inventory);
        const [limit, least] = [unit.limits?.memoryMiB ?? 0, memoryFor(gpus)];
        if (limit >= least) return [];
        const what = `limit of ${limit} MiB, ${gpus} GPUs need ${least} MiB`;
        return [{ where: unit.where, urn: unit.urn, what }];
      });
  },
};

/** GPUs by host, that of pools under no name. */
type Inventory = ReadonlyMap<string, number>;

/** GPUs of an exporter's host, from the inventory that the alerts are made with; 1 where it is not in it. */
function gpusOf({ name }: Unit, inventory: Inventory): number {
  // A host's name may hold hyphens, and what follows it too: `gpu-1-dcgm-exporter`.
  const words = name.split("-");
  const hosts = words.map((_, index) => words.slice(0, index).join("-")).filter((host) => host !== "");
  const named = hosts.findLast((host) => inventory.has(host));
  return inventory.get(named ?? "") ?? 1;
}

/** Reads the recording rules `host:gpu_expected:count`; of several for one host the first. */
function inventoryOf(units: readonly Unit[]): Inventory {
  const counted = units
    .filter(({ program }) => program === "prometheus")
    .flatMap(({ files }) => Object.values(files))
    .filter((text) => text.includes("host:gpu_expected:count"))
    .flatMap((text) => treesAt(parseTree(text), "groups"))
    .flatMap((group) => treesAt(group, "rules"))
    .filter((rule) => textAt(rule, "record") === "host:gpu_expected:count")
    .map((rule) => [textAt(rule, "labels", "host_name"), Number(/\d+/.exec(textAt(rule, "expr"))?.[0] ?? 1)] as const);
  return new Map(counted.toReversed());
}
