import { DCGM_LABEL_ATTRIBUTES, type DcgmSignal, LATER_DCGM_LABELS } from "./dcgm.ts";
import { DCGM } from "./dcgm-fields.ts";
import { gpu } from "./gpu.ts";
import { promql, type Query } from "./query.ts";
import { type RecordingRule, recordingRule } from "./recording.ts";
import { type SignalDefinition, toLabelName } from "./signal.ts";

/** The exporter's label by the attribute it became, as the pinned version spells it. */
const OLD_LABELS = Object.entries(DCGM_LABEL_ATTRIBUTES).filter(([label]) => !LATER_DCGM_LABELS.includes(label));
/** Labels that only the conventions know: the exporter's own series have none of them. */
const NEW_ONLY = ["hw_vendor"];

/**
 * Recording rules that give every DCGM field back under the exporter's own name, in its unit and with its labels, so
 * that rules and dashboards written for dcgm-exporter keep their meaning (S0-49). A field that kept its name keeps its
 * new labels too: a rule of that name would read its own result. Off by default: they double the series of a GPU.
 */
export function compatibilityRecordings(): readonly RecordingRule[] {
  return (Object.entries(gpu) as [keyof typeof gpu, SignalDefinition][]).flatMap(([key, signal]) => {
    const row: DcgmSignal = DCGM[key];
    return row.field === signal.prometheusName ? [] : [toRule(row, signal)];
  });
}

function toRule({ field, unit, help, labels = [], otel }: DcgmSignal, signal: SignalDefinition): RecordingRule {
  const scaled = otel === undefined || otel.scale === 1 ? promql`${signal}` : promql`${signal} / ${otel.scale}`;
  const removed = [
    ...OLD_LABELS.map(([, attribute]) => attribute),
    ...Object.keys(otel?.attributes ?? {}),
    ...NEW_ONLY,
  ].map(toLabelName);
  const renamed = OLD_LABELS.reduce<Query>(
    (query, [label, attribute]) =>
      promql`label_replace(${query}, "${label}", "$1", "${toLabelName(attribute)}", "(.+)")`,
    scaled,
  );
  return recordingRule(
    field,
    unit,
    help,
    ["gpu", "pci_bus_id", "GPU_I_PROFILE", "GPU_I_ID", "hpc_job", ...OLD_LABELS.map(([label]) => label), ...labels],
    // Aggregated without the new labels: what is left tells the series apart as the exporter's own labels do.
    promql`max without (${removed.join(", ")}) (${renamed})`,
  );
}
