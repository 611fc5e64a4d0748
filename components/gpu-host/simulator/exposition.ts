import type { CounterRow } from "./counters-file.ts";
import type { GpuIdentity, MigInstance } from "./fleet.ts";
import { condition, type GpuState } from "./gpu-state.ts";
import { READINGS, WITHOUT_GPU, type Sample } from "./readings.ts";
import type { Simulation } from "./simulation.ts";

/** A GPU, or a MIG instance of one: the exporter serves the instances in the place of their GPU. */
interface Entity {
  readonly identity: GpuIdentity;
  readonly state: GpuState;
  readonly instance: MigInstance | undefined;
}

/** The text dcgm-exporter 4.5.3-4.8.2 would serve: only rows of the counters file, in its order. */
export function toExposition(simulation: Simulation, rows: readonly CounterRow[]): string {
  const entities = listEntities(simulation);
  const shared = labelsOf(simulation, rows);
  return rows
    .filter(({ type }) => type !== "label")
    .map(({ field, type, help }) => {
      const series = entities.flatMap((entity) => toSeries(entity, field, simulation.hostname, shared));
      return series.length === 0 ? "" : `# HELP ${field} ${help}\n# TYPE ${field} ${type}\n${series.join("\n")}\n`;
    })
    .join("");
}

function listEntities({ fleet, states }: Simulation): readonly Entity[] {
  return fleet.flatMap((identity, index): readonly Entity[] => {
    const state = states[index];
    if (state === undefined) return [];
    if (identity.mig.length === 0) return [{ identity, state, instance: undefined }];
    return identity.mig.map((instance) => ({ identity, state, instance }));
  });
}

/** Label rows of the counters file stand on every series. */
function labelsOf({ scenario }: Simulation, rows: readonly CounterRow[]): Readonly<Record<string, string>> {
  const enabled = rows.some(({ type, field }) => type === "label" && field === "DCGM_FI_DRIVER_VERSION");
  return enabled ? { DCGM_FI_DRIVER_VERSION: scenario.driverVersion } : {};
}

function toSeries(entity: Entity, field: string, hostname: string, shared: Sample["labels"]): readonly string[] {
  const { identity, state, instance } = entity;
  if (condition(state, "fallenOff") === true && !WITHOUT_GPU.has(field)) return [];
  const samples = READINGS[field]?.(state, instance) ?? [];
  const own = [
    ["gpu", String(identity.index)],
    ["UUID", identity.uuid],
    ["pci_bus_id", identity.pciBusId],
    ["device", `nvidia${identity.index}`],
    ["modelName", identity.model],
    ...(instance === undefined
      ? []
      : [
          ["GPU_I_PROFILE", instance.profile],
          ["GPU_I_ID", String(instance.id)],
        ]),
    ["Hostname", hostname],
  ] as [string, string][];
  // Of a GPU in MIG mode every instance has the job: the exporter's mapping knows whole GPUs only.
  const job = state.job === undefined ? {} : { hpc_job: state.job };
  return samples.map(({ labels, value }) => {
    // After the fixed ones the exporter sorts labels by name: capitals first.
    const text = [...own, ...sorted(shared), ...sorted({ ...labels, ...job })]
      .map(([name, item]) => `${name}="${item}"`)
      .join(",");
    return `${field}{${text}} ${value}`;
  });
}

function sorted(labels: Sample["labels"]): [string, string][] {
  return Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
}
