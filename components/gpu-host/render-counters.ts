import { DCGM_SIGNALS } from "../signals/gpu.ts";
import type { DcgmSignal } from "../signals/dcgm.ts";

/** Name of the counters file in the exporter's configuration folder. */
export const COUNTERS_FILE = "counters.csv";

/**
 * The counters file of dcgm-exporter: one field a row, exactly two commas, because the exporter refuses any
 * other number of columns and the text has no quotes.
 */
export function toCountersCsv(signals: readonly DcgmSignal[] = DCGM_SIGNALS): string {
  const rows = signals.map(
    ({ field, exporterType, help }) => `${field}, ${exporterType}, ${help.replaceAll(",", ";")}`,
  );
  return ["# DCGM FIELD, Prometheus metric type, help message", ...rows, ""].join("\n");
}
