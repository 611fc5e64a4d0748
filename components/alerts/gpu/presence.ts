import { scrape } from "../../signals/backends.ts";
import { gpu } from "../../signals/gpu.ts";
import { promql, type Query } from "../../signals/query.ts";
import { gpusSeen } from "../../signals/recordings-gpu.ts";
import type { SignalDefinition } from "../../signals/signal.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { gpusExpected } from "./expected.ts";
import { KERNEL_LOG } from "./labels.ts";

const shared = { dashboard: "gpu-host", requirements: ["Q1", "S0-76"] } as const;

/** Readings every data-centre GPU gives. */
export const REQUIRED_READINGS: readonly SignalDefinition[] = [
  gpu.energy,
  gpu.pcieReplays,
  gpu.thermalThrottle,
  gpu.powerThrottle,
  gpu.memoryUsed,
  gpu.memoryTotal,
  gpu.eccCorrected,
  gpu.eccUncorrected,
  gpu.graphicsActive,
];
/** Readings only some models give: none of them is no fault, one that ends is. */
export const READINGS_OF_SOME: readonly SignalDefinition[] = [
  gpu.memoryTemperature,
  gpu.boardLimitThrottle,
  gpu.reliabilityThrottle,
  gpu.retiredPagesPending,
  gpu.rowRemapFailure,
  gpu.rowRemapPending,
  gpu.nvlinkFlitErrors,
  gpu.nvlinkDataErrors,
  gpu.nvlinkReplays,
  gpu.nvlinkRecoveries,
  gpu.fabricManagerStatus,
];

const exporter = promql`max by (host_name) (${scrape.up}{job="dcgm-exporter"})`;
const agent = promql`group by (host_name) (${scrape.up}{job="agent"})`;
/** The exporter of a host that speaks is down, or was never asked. */
const blind = promql`${exporter} == 0 or (${agent} unless on (host_name) ${exporter})`;

/** What is not there: GPUs, their exporter, single readings. Every GPU alert rests on series these watch over. */
export function presenceAlerts(): readonly AlertDefinition[] {
  return [gpuMissing(), exporterDown(), readingsFrozen(), readingLost(), readingNeverSeen()];
}

function gpuMissing(): AlertDefinition {
  return {
    ...shared,
    name: "GpuMissing",
    severity: "critical",
    meaning: "The host has fewer GPUs than the environment's inventory says.",
    summary: "{{ $labels.host_name }}: {{ $value }} GPUs missing",
    query: promql`((${gpusExpected} - on (host_name) ${gpusSeen}) > 0 or (${gpusExpected} > 0 unless on (host_name) ${gpusSeen})) unless on (host_name) ${blind}`,
    for: "2m",
    logs: KERNEL_LOG,
    datadog: {
      exempt: "it compares with the inventory, a recorded series; the monitor GpuSilent tells of a GPU that stops",
    },
    impact: "Jobs on the missing GPU have failed; the scheduler may still send work to it.",
    actions: [
      "What the host sees: `nvidia-smi -L`, `lspci | grep -i nvidia`.",
      "Why: `journalctl -k | grep -E 'NVRM|fallen off'`.",
      "Drain the host and power-cycle it; a warm reboot does not bring back a GPU that fell off the bus.",
    ],
  };
}

function exporterDown(): AlertDefinition {
  return {
    ...shared,
    name: "GpuExporterDown",
    severity: "critical",
    meaning: "The host's agent runs, but the DCGM exporter does not answer it.",
    summary: "{{ $labels.host_name }}: no GPU readings, the DCGM exporter does not answer",
    query: promql`${blind} and on (host_name) (${gpusExpected} > 0)`,
    for: "2m",
    datadog: {
      exempt: "it compares with the inventory, a recorded series; the monitor GpuSilent tells of GPUs that stop",
    },
    impact: "Nothing is known of the host's GPUs: faults go unseen.",
    actions: [
      "`systemctl status gpu-observability-dcgm-exporter nvidia-dcgm`, or the exporter's pod; killed for memory is the usual reason.",
      "Restart it: `systemctl restart gpu-observability-dcgm-exporter`; hanging in `nvidia-smi` too, the driver hangs: see `journalctl -k | grep NVRM`.",
    ],
  };
}

function readingsFrozen(): AlertDefinition {
  return {
    ...shared,
    name: "GpuReadingsFrozen",
    severity: "warning",
    meaning:
      "The exporter answers with old values: a GPU that has power uses energy, and this one's count stands still.",
    summary: "GPU {{ $labels.gpu }} of {{ $labels.host_name }}: readings stand still",
    query: promql`max by (host_name, gpu, hw_id) (increase(${gpu.energy}[10m])) == 0`,
    for: "2m",
    datadog: datadog`sum(last_10m):max:${gpu.energy} by {host,gpu}.as_count() <= ${0}`,
    impact: "All alerts of this GPU look at the past.",
    actions: [
      "Restart DCGM and its exporter: `systemctl restart nvidia-dcgm gpu-observability-dcgm-exporter`.",
      "Does `nvidia-smi` hang as well? Then drain the host and reboot it.",
    ],
  };
}

const named = (query: Query, { exporterField = "" }: SignalDefinition): Query =>
  promql`label_replace(${query}, "field", "${exporterField}", "", "")`;
const anyOf = (queries: readonly Query[]): Query => queries.reduce((all, query) => promql`${all} or ${query}`);

function readingLost(): AlertDefinition {
  const lost = [...REQUIRED_READINGS, ...READINGS_OF_SOME].map((signal) =>
    named(promql`group by (host_name, gpu, hw_id) (${signal} offset 1h) unless on (host_name, gpu) ${signal}`, signal),
  );
  return {
    ...shared,
    name: "GpuReadingLost",
    severity: "warning",
    meaning: "The GPU reports, but a reading it gave an hour ago is gone.",
    summary: "GPU {{ $labels.gpu }} of {{ $labels.host_name }}: no {{ $labels.field }} any more",
    // A GPU that is gone as a whole is GpuMissing's.
    query: promql`${anyOf(lost)} and on (host_name, gpu) ${gpu.temperature}`,
    for: "5m",
    datadog: {
      exempt: "it compares which series there are with those of an hour ago, which no monitor does GPU by GPU",
    },
    impact: "The alerts over this reading cannot fire.",
    actions: [
      "What the exporter serves: `curl -s localhost:9400/metrics | grep <field>`.",
      "After an update of driver, DCGM or exporter: compare its list of fields with the counters file.",
    ],
  };
}

function readingNeverSeen(): AlertDefinition {
  const never = REQUIRED_READINGS.map((signal) => named(promql`group(absent(${signal}))`, signal));
  return {
    ...shared,
    name: "GpuReadingNeverSeen",
    severity: "warning",
    meaning: "GPUs report, but none of them gives a reading that alerts rest on.",
    summary: "No GPU reports {{ $labels.field }}",
    query: promql`${anyOf(never)} and on () group(${gpu.temperature})`,
    for: "5m",
    datadog: { exempt: "Datadog knows no series it never had: only the catalogue tells which are lacking" },
    impact: "The alerts over this reading cannot fire anywhere.",
    actions: [
      "Does the exporter read this platform's counters file? `--collectors` must name it.",
      "PROF fields need the right to profile: `SYS_ADMIN` for the exporter.",
    ],
  };
}
