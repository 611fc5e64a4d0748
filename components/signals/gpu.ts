import type { DcgmSignal, OtelMapping } from "./dcgm.ts";
import { DCGM } from "./dcgm-fields.ts";
import { type SignalDefinition, toPrometheusName } from "./signal.ts";

/** The rows of the counters file. */
export const DCGM_SIGNALS: readonly DcgmSignal[] = Object.values(DCGM).filter((row) => !("disabledBecause" in row));

/**
 * Labels every series of a GPU has; those of MIG only on an instance, the job only where a scheduler maps it. Agents
 * spell `pci_bus_id` `0000:3b:00.0`, as they do `nvidia.pci_bus_id` of kernel lines, so that the two join.
 */
export const GPU_LABELS = [
  "host.name",
  "deployment.environment.name",
  "service.name",
  "service.instance.id",
  "gpu",
  "hw.id",
  "hw.name",
  "hw.model",
  "hw.vendor",
  "hw.driver_version",
  "pci_bus_id",
  "GPU_I_PROFILE",
  "GPU_I_ID",
  "hpc_job",
] as const;

type Table = typeof DCGM;
/** Keys of the fields that are enabled and have series of their own. */
type Measured = {
  [Key in keyof Table]: Table[Key] extends { readonly disabledBecause: string } | { readonly exporterType: "label" }
    ? never
    : Key;
}[keyof Table];

/** The metrics of a GPU in the catalogue's terms. */
export const gpu = Object.fromEntries(
  Object.entries(DCGM)
    .filter(([, row]) => row.exporterType !== "label" && !("disabledBecause" in row))
    .map(([key, row]) => [key, toSignal(row)]),
) as Readonly<Record<Measured, SignalDefinition>>;

export const GPU_SIGNALS: readonly SignalDefinition[] = Object.values(gpu);

function toSignal({ field, exporterType, unit, help, labels = [], otel, absentWhile }: DcgmSignal): SignalDefinition {
  const name = otel?.name ?? field;
  const type = otel === undefined ? (exporterType === "counter" ? "counter" : "gauge") : typeOf(otel);
  return {
    name,
    // The exporter states no unit, so a field that keeps its name gets no unit suffix either.
    prometheusName: toPrometheusName({ name, type, unit: otel?.unit ?? "" }),
    unit: otel?.unit ?? unit,
    type,
    help,
    labels: [...GPU_LABELS, ...labels, ...Object.keys(otel?.attributes ?? {})],
    ...(otel?.attributes === undefined ? {} : { where: otel.attributes }),
    source: "dcgm-exporter",
    exporterField: field,
    ...(absentWhile === undefined ? {} : { absentWhile }),
  };
}

function typeOf({ kind, monotonic }: OtelMapping): SignalDefinition["type"] {
  if (kind === "gauge") return "gauge";
  return monotonic === true ? "counter" : "updowncounter";
}
