import { DCGM_LABEL_ATTRIBUTES, type DcgmSignal } from "../signals/dcgm.ts";
import { type DcgmRename, DCGM_RENAMES } from "../signals/dcgm-renames.ts";
import { DCGM_SIGNALS } from "../signals/gpu.ts";
import { normalisePciBusId } from "./pci-bus-id.ts";

/** NVLink series spell two labels their own way. */
const LABELS: Readonly<Record<string, string>> = {
  ...DCGM_LABEL_ATTRIBUTES,
  gpu_uuid: "hw.id",
  model_name: "hw.model",
};

/** Values that stand for "blank" in older exporters. */
export const BLANK_DCGM_VALUES = {
  error_mode: "ignore",
  metrics: { datapoint: ['IsMatch(metric.name, "^DCGM_") and value_double >= 9223372036854775000.0'] },
} as const;

/**
 * Gives DCGM series the names, units and attributes of the OpenTelemetry conventions (S0-22), from the
 * catalogue: a field with no convention keeps its name and gets the attributes. Renamed, never copied, so each
 * series has one path (S0-48).
 */
export function renderGpuTransform(): object {
  const mapped = DCGM_SIGNALS.filter((signal) => signal.otel !== undefined);
  return {
    error_mode: "ignore",
    metric_statements: [
      { context: "datapoint", statements: DCGM_RENAMES.flatMap(toOldUnit) },
      { context: "metric", statements: DCGM_RENAMES.map(toOldName) },
      {
        context: "datapoint",
        conditions: ['IsMatch(metric.name, "^DCGM_")'],
        statements: [
          ...Object.entries(LABELS).flatMap(([label, attribute]) => moveAttribute(label, attribute)),
          ...normalisePciBusId("pci_bus_id"),
          'set(attributes["hw.vendor"], "nvidia")',
          ...mapped.flatMap(toValueStatements),
        ],
      },
      { context: "metric", statements: mapped.flatMap(toNameStatements) },
    ],
  };
}

/** An exporter of 4.9 is read as one of 4.8: what follows, and every rule and panel, knows the fields by those names. */
function toOldUnit({ since49, unit }: DcgmRename): readonly string[] {
  if (unit === undefined) return [];
  const [operator, factor] = unit;
  return [`set(value_double, value_double ${operator} ${factor.toFixed(1)}) where metric.name == "${since49}"`];
}

function toOldName({ field, since49 }: DcgmRename): string {
  return `set(name, "${field}") where name == "${since49}"`;
}

function moveAttribute(label: string, attribute: string): readonly string[] {
  const statements = [`delete_key(attributes, "${label}")`];
  // The host is the resource's business.
  if (attribute === "host.name") return statements;
  return [`set(attributes["${attribute}"], attributes["${label}"]) where attributes["${label}"] != nil`, ...statements];
}

function toValueStatements({ field, otel }: DcgmSignal): readonly string[] {
  if (otel === undefined) return [];
  const here = `where metric.name == "${field}"`;
  const scale =
    otel.scale === 1 ? [] : [`set(value_double, value_double * ${otel.scale.toFixed(otel.scale < 1 ? 6 : 1)}) ${here}`];
  const attributes = Object.entries(otel.attributes ?? {}).map(
    ([key, value]) => `set(attributes["${key}"], "${value}") ${here}`,
  );
  return [...scale, ...attributes];
}

function toNameStatements({ field, exporterType, otel }: DcgmSignal): readonly string[] {
  if (otel === undefined) return [];
  const here = `where name == "${field}"`;
  const toSum =
    otel.kind === "sum" && exporterType === "gauge"
      ? [`convert_gauge_to_sum("cumulative", ${otel.monotonic === true}) ${here}`]
      : [];
  return [`set(unit, "${otel.unit}") ${here}`, ...toSum, `set(name, "${otel.name}") ${here}`];
}
