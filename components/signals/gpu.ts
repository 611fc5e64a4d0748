import type { DcgmExporterType, DcgmSignal, OtelMapping } from "./dcgm.ts";
import { type SignalDefinition, toPrometheusName } from "./signal.ts";

const MEBIBYTE = 1_048_576;
type Extra = Pick<DcgmSignal, "labels" | "otel">;

const of =
  (exporterType: DcgmExporterType) =>
  (field: string, unit: string, help: string, extra: Extra = {}): DcgmSignal => ({
    field,
    exporterType,
    help,
    unit,
    ...extra,
  });
const gauge = of("gauge");
const counter = of("counter");
const label = of("label");

const gaugeOf = (
  name: string,
  unit: string,
  scale = 1,
  attributes?: Record<string, string>,
): { otel: OtelMapping } => ({
  otel: { name, unit, scale, kind: "gauge", ...(attributes === undefined ? {} : { attributes }) },
});
const sumOf = (
  name: string,
  unit: string,
  scale: number,
  attributes?: Record<string, string>,
): { otel: OtelMapping } => ({
  otel: { name, unit, scale, kind: "sum", monotonic: true, ...(attributes === undefined ? {} : { attributes }) },
});
/** An UpDownCounter. */
const levelOf = (name: string, unit: string, scale: number): { otel: OtelMapping } => ({
  otel: { name, unit, scale, kind: "sum", monotonic: false },
});
const utilization = (task: string) => gaugeOf("hw.gpu.utilization", "1", 0.01, { "hw.gpu.task": task });
const errors = (type: string) => sumOf("hw.errors", "{error}", 1, { "hw.type": "gpu", "error.type": type });
const GPU = { "hw.type": "gpu" };

/**
 * Every DCGM field this platform enables: the defaults of dcgm-exporter 4.5.3-4.8.2 and those it ships
 * commented out (S0-02, S0-03). A row added here appears in the counters file, the simulator and the agent.
 *
 * DCGM_EXP_*_COUNT are gauges here though upstream suggests `counter`: they count a sliding window and fall again.
 *
 * No convention covers clocks, Xid codes, remapped rows, throttling or the PROF ratios. PROF_PCIE_* are
 * rates, so they are not `hw.gpu.io`; XID_ERRORS is a code, so it is not `hw.errors`.
 */
export const DCGM_SIGNALS: readonly DcgmSignal[] = [
  gauge("DCGM_FI_DEV_SM_CLOCK", "MHz", "SM clock frequency (in MHz)."),
  gauge("DCGM_FI_DEV_MEM_CLOCK", "MHz", "Memory clock frequency (in MHz)."),
  gauge("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", "", "Current clock event reasons (bitmask)."),
  gauge("DCGM_EXP_CLOCK_EVENTS_COUNT", "", "reported clock events", {
    labels: ["clock_event", "window_size_in_ms"],
  }),

  gauge(
    "DCGM_FI_DEV_MEMORY_TEMP",
    "C",
    "Memory temperature (in C).",
    gaugeOf("hw.temperature", "Cel", 1, { "hw.sensor_location": "memory" }),
  ),
  gauge(
    "DCGM_FI_DEV_GPU_TEMP",
    "C",
    "GPU temperature (in C).",
    gaugeOf("hw.temperature", "Cel", 1, { "hw.sensor_location": "gpu" }),
  ),
  gauge("DCGM_FI_DEV_POWER_USAGE", "W", "Power draw (in W).", gaugeOf("hw.power", "W", 1, GPU)),
  counter(
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
    "mJ",
    "Total energy consumption since boot (in mJ).",
    sumOf("hw.energy", "J", 0.001, GPU),
  ),

  counter("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", "", "Total number of PCIe retries."),
  gauge("DCGM_FI_DEV_GPU_UTIL", "%", "GPU utilization (in %).", utilization("general")),
  gauge("DCGM_FI_DEV_MEM_COPY_UTIL", "%", "Memory utilization (in %)."),
  gauge("DCGM_FI_DEV_ENC_UTIL", "%", "Encoder utilization (in %).", utilization("encoder")),
  gauge("DCGM_FI_DEV_DEC_UTIL", "%", "Decoder utilization (in %).", utilization("decoder")),

  gauge("DCGM_FI_DEV_XID_ERRORS", "", "Value of the last XID error encountered.", {
    labels: ["err_code", "err_msg"],
  }),
  gauge("DCGM_EXP_XID_ERRORS_COUNT", "", "reported XIDs during last window", {
    labels: ["xid", "window_size_in_ms"],
  }),
  counter("DCGM_FI_DEV_POWER_VIOLATION", "ns", "Throttling duration due to power constraints (in ns)."),
  counter("DCGM_FI_DEV_THERMAL_VIOLATION", "ns", "Throttling duration due to thermal constraints (in ns)."),
  counter("DCGM_FI_DEV_SYNC_BOOST_VIOLATION", "ns", "Throttling duration due to sync-boost constraints (in ns)."),
  counter("DCGM_FI_DEV_BOARD_LIMIT_VIOLATION", "ns", "Throttling duration due to board limit constraints (in ns)."),
  counter("DCGM_FI_DEV_LOW_UTIL_VIOLATION", "ns", "Throttling duration due to low utilization (in ns)."),
  counter("DCGM_FI_DEV_RELIABILITY_VIOLATION", "ns", "Throttling duration due to reliability constraints (in ns)."),

  gauge("DCGM_FI_DEV_FB_FREE", "MiB", "Framebuffer memory free (in MiB)."),
  gauge(
    "DCGM_FI_DEV_FB_USED",
    "MiB",
    "Framebuffer memory used (in MiB).",
    levelOf("hw.gpu.memory.usage", "By", MEBIBYTE),
  ),
  gauge("DCGM_FI_DEV_FB_RESERVED", "MiB", "Framebuffer memory reserved (in MiB)."),
  // Used + free + reserved: asked for by itself, so that no agent has to add series up.
  gauge(
    "DCGM_FI_DEV_FB_TOTAL",
    "MiB",
    "Framebuffer memory total (in MiB).",
    levelOf("hw.gpu.memory.limit", "By", MEBIBYTE),
  ),

  counter("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "", "Total number of single-bit volatile ECC errors.", errors("corrected")),
  counter(
    "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL",
    "",
    "Total number of double-bit volatile ECC errors.",
    errors("uncorrected"),
  ),
  counter("DCGM_FI_DEV_ECC_SBE_AGG_TOTAL", "", "Total number of single-bit persistent ECC errors."),
  counter("DCGM_FI_DEV_ECC_DBE_AGG_TOTAL", "", "Total number of double-bit persistent ECC errors."),
  counter("DCGM_FI_DEV_RETIRED_SBE", "", "Total number of retired pages due to single-bit errors."),
  counter("DCGM_FI_DEV_RETIRED_DBE", "", "Total number of retired pages due to double-bit errors."),
  counter("DCGM_FI_DEV_RETIRED_PENDING", "", "Total number of pages pending retirement."),
  counter("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", "", "Number of remapped rows for uncorrectable errors"),
  counter("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", "", "Number of remapped rows for correctable errors"),
  gauge("DCGM_FI_DEV_ROW_REMAP_FAILURE", "", "Whether remapping of rows has failed"),

  counter("DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL", "", "Total number of NVLink flow-control CRC errors."),
  counter("DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL", "", "Total number of NVLink data CRC errors."),
  counter("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL", "", "Total number of NVLink retries."),
  counter("DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL", "", "Total number of NVLink recovery errors."),
  counter("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", "", "Total number of NVLink bandwidth counters for all lanes."),

  gauge("DCGM_FI_DEV_VGPU_LICENSE_STATUS", "", "vGPU License status"),
  label("DCGM_FI_DRIVER_VERSION", "", "Driver Version"),

  gauge("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "1", "Ratio of time the graphics engine is active."),
  gauge("DCGM_FI_PROF_SM_ACTIVE", "1", "The ratio of cycles an SM has at least 1 warp assigned."),
  gauge("DCGM_FI_PROF_SM_OCCUPANCY", "1", "The ratio of number of warps resident on an SM."),
  gauge("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "1", "Ratio of cycles the tensor (HMMA) pipe is active."),
  gauge(
    "DCGM_FI_PROF_DRAM_ACTIVE",
    "1",
    "Ratio of cycles the device memory interface is active sending or receiving data.",
  ),
  gauge("DCGM_FI_PROF_PIPE_FP64_ACTIVE", "1", "Ratio of cycles the fp64 pipes are active."),
  gauge("DCGM_FI_PROF_PIPE_FP32_ACTIVE", "1", "Ratio of cycles the fp32 pipes are active."),
  gauge("DCGM_FI_PROF_PIPE_FP16_ACTIVE", "1", "Ratio of cycles the fp16 pipes are active."),
  gauge(
    "DCGM_FI_PROF_PCIE_TX_BYTES",
    "By/s",
    "The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes per second.",
  ),
  gauge(
    "DCGM_FI_PROF_PCIE_RX_BYTES",
    "By/s",
    "The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes per second.",
  ),
];

/** The metrics of a GPU in the catalogue's terms; fields that are only labels are left out. */
export const GPU_SIGNALS: readonly SignalDefinition[] = DCGM_SIGNALS.filter(
  ({ exporterType }) => exporterType !== "label",
).map(toSignal);

function toSignal({ field, exporterType, unit, labels = [], otel }: DcgmSignal): SignalDefinition {
  const name = otel?.name ?? field;
  const type = otel === undefined ? (exporterType === "counter" ? "counter" : "gauge") : typeOf(otel);
  // The exporter states no unit, so a field that keeps its name gets no unit suffix either.
  const prometheusName = toPrometheusName({ name, type, unit: otel?.unit ?? "" });
  const attributes = Object.keys(otel?.attributes ?? {});
  return {
    name,
    prometheusName,
    unit: otel?.unit ?? unit,
    type,
    labels: [...labels, ...attributes],
    source: "dcgm-exporter",
    exporterField: field,
  };
}

function typeOf({ kind, monotonic }: OtelMapping): SignalDefinition["type"] {
  if (kind === "gauge") return "gauge";
  return monotonic === true ? "counter" : "updowncounter";
}
