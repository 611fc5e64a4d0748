import type { DcgmExporterType, DcgmSignal, OtelMapping } from "./dcgm.ts";

const MEBIBYTE = 1_048_576;
type Extra = Pick<DcgmSignal, "labels" | "otel" | "absentWhile">;

const of =
  <Type extends DcgmExporterType>(exporterType: Type) =>
  (field: string, unit: string, help: string, extra: Extra = {}): DcgmSignal & { readonly exporterType: Type } => ({
    field,
    exporterType,
    help,
    unit,
    ...extra,
  });
const gauge = of("gauge");
const counter = of("counter");
const label = of("label");
/** A field that is known and left out of the counters file: no rule or panel can name it. */
const disabled = (signal: DcgmSignal, disabledBecause: string) => ({ ...signal, disabledBecause });

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
export const DCGM = {
  smClock: gauge("DCGM_FI_DEV_SM_CLOCK", "MHz", "SM clock frequency (in MHz)."),
  memoryClock: gauge("DCGM_FI_DEV_MEM_CLOCK", "MHz", "Memory clock frequency (in MHz)."),
  clockEventReasons: gauge("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", "", "Current clock event reasons (bitmask)."),
  clockEvents: gauge("DCGM_EXP_CLOCK_EVENTS_COUNT", "", "reported clock events", {
    labels: ["clock_event", "window_size_in_ms"],
    absentWhile: "no clock event was reported in the window",
  }),

  memoryTemperature: gauge(
    "DCGM_FI_DEV_MEMORY_TEMP",
    "C",
    "Memory temperature (in C).",
    gaugeOf("hw.temperature", "Cel", 1, { "hw.sensor_location": "memory" }),
  ),
  temperature: gauge(
    "DCGM_FI_DEV_GPU_TEMP",
    "C",
    "GPU temperature (in C).",
    gaugeOf("hw.temperature", "Cel", 1, { "hw.sensor_location": "gpu" }),
  ),
  power: gauge("DCGM_FI_DEV_POWER_USAGE", "W", "Power draw (in W).", gaugeOf("hw.power", "W", 1, GPU)),
  energy: counter(
    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
    "mJ",
    "Total energy consumption since boot (in mJ).",
    sumOf("hw.energy", "J", 0.001, GPU),
  ),

  pcieReplays: counter("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", "", "Total number of PCIe retries."),
  utilization: gauge("DCGM_FI_DEV_GPU_UTIL", "%", "GPU utilization (in %).", utilization("general")),
  memoryCopyUtilization: gauge("DCGM_FI_DEV_MEM_COPY_UTIL", "%", "Memory utilization (in %)."),
  encoderUtilization: gauge("DCGM_FI_DEV_ENC_UTIL", "%", "Encoder utilization (in %).", utilization("encoder")),
  decoderUtilization: gauge("DCGM_FI_DEV_DEC_UTIL", "%", "Decoder utilization (in %).", utilization("decoder")),

  lastXid: gauge("DCGM_FI_DEV_XID_ERRORS", "", "Value of the last XID error encountered.", {
    labels: ["err_code", "err_msg"],
  }),
  xids: gauge("DCGM_EXP_XID_ERRORS_COUNT", "", "reported XIDs during last window", {
    labels: ["xid", "window_size_in_ms"],
    absentWhile: "no Xid was reported in the window",
  }),
  powerThrottle: counter("DCGM_FI_DEV_POWER_VIOLATION", "ns", "Throttling duration due to power constraints (in ns)."),
  thermalThrottle: counter(
    "DCGM_FI_DEV_THERMAL_VIOLATION",
    "ns",
    "Throttling duration due to thermal constraints (in ns).",
  ),
  syncBoostThrottle: counter(
    "DCGM_FI_DEV_SYNC_BOOST_VIOLATION",
    "ns",
    "Throttling duration due to sync-boost constraints (in ns).",
  ),
  boardLimitThrottle: counter(
    "DCGM_FI_DEV_BOARD_LIMIT_VIOLATION",
    "ns",
    "Throttling duration due to board limit constraints (in ns).",
  ),
  lowUtilizationThrottle: counter(
    "DCGM_FI_DEV_LOW_UTIL_VIOLATION",
    "ns",
    "Throttling duration due to low utilization (in ns).",
  ),
  reliabilityThrottle: counter(
    "DCGM_FI_DEV_RELIABILITY_VIOLATION",
    "ns",
    "Throttling duration due to reliability constraints (in ns).",
  ),

  memoryFree: gauge("DCGM_FI_DEV_FB_FREE", "MiB", "Framebuffer memory free (in MiB)."),
  memoryUsed: gauge(
    "DCGM_FI_DEV_FB_USED",
    "MiB",
    "Framebuffer memory used (in MiB).",
    levelOf("hw.gpu.memory.usage", "By", MEBIBYTE),
  ),
  memoryReserved: gauge("DCGM_FI_DEV_FB_RESERVED", "MiB", "Framebuffer memory reserved (in MiB)."),
  // Used + free + reserved: asked for by itself, so that no agent has to add series up.
  memoryTotal: gauge(
    "DCGM_FI_DEV_FB_TOTAL",
    "MiB",
    "Framebuffer memory total (in MiB).",
    levelOf("hw.gpu.memory.limit", "By", MEBIBYTE),
  ),

  eccCorrected: counter(
    "DCGM_FI_DEV_ECC_SBE_VOL_TOTAL",
    "",
    "Total number of single-bit volatile ECC errors.",
    errors("corrected"),
  ),
  eccUncorrected: counter(
    "DCGM_FI_DEV_ECC_DBE_VOL_TOTAL",
    "",
    "Total number of double-bit volatile ECC errors.",
    errors("uncorrected"),
  ),
  eccCorrectedLifetime: counter(
    "DCGM_FI_DEV_ECC_SBE_AGG_TOTAL",
    "",
    "Total number of single-bit persistent ECC errors.",
  ),
  eccUncorrectedLifetime: counter(
    "DCGM_FI_DEV_ECC_DBE_AGG_TOTAL",
    "",
    "Total number of double-bit persistent ECC errors.",
  ),
  retiredPagesCorrected: counter(
    "DCGM_FI_DEV_RETIRED_SBE",
    "",
    "Total number of retired pages due to single-bit errors.",
  ),
  retiredPagesUncorrected: counter(
    "DCGM_FI_DEV_RETIRED_DBE",
    "",
    "Total number of retired pages due to double-bit errors.",
  ),
  retiredPagesPending: counter("DCGM_FI_DEV_RETIRED_PENDING", "", "Total number of pages pending retirement."),
  remappedRowsUncorrectable: counter(
    "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS",
    "",
    "Number of remapped rows for uncorrectable errors",
  ),
  remappedRowsCorrectable: counter(
    "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS",
    "",
    "Number of remapped rows for correctable errors",
  ),
  rowRemapFailure: gauge("DCGM_FI_DEV_ROW_REMAP_FAILURE", "", "Whether remapping of rows has failed"),
  rowRemapPending: gauge("DCGM_FI_DEV_ROW_REMAP_PENDING", "", "Whether remapping of rows is pending"),

  nvlinkFlitErrors: counter(
    "DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL",
    "",
    "Total number of NVLink flow-control CRC errors.",
  ),
  nvlinkDataErrors: counter(
    "DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL",
    "",
    "Total number of NVLink data CRC errors.",
  ),
  nvlinkReplays: counter("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL", "", "Total number of NVLink retries."),
  nvlinkRecoveries: counter(
    "DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL",
    "",
    "Total number of NVLink recovery errors.",
  ),
  nvlinkBandwidth: counter(
    "DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL",
    "",
    "Total number of NVLink bandwidth counters for all lanes.",
  ),

  fabricManagerStatus: gauge(
    "DCGM_FI_DEV_FABRIC_MANAGER_STATUS",
    "",
    "Fabric manager status: 0 not supported - 1 not started - 2 in progress - 3 success - 4 failure.",
  ),
  gpuHealth: disabled(
    gauge("DCGM_EXP_GPU_HEALTH_STATUS", "", "Result of DCGM's background health checks."),
    "its checks repeat what ECC, NVLink, PCIe and thermal fields say, and take the card's locks",
  ),
  vgpuLicense: gauge("DCGM_FI_DEV_VGPU_LICENSE_STATUS", "", "vGPU License status"),
  driverVersion: label("DCGM_FI_DRIVER_VERSION", "", "Driver Version"),

  graphicsActive: gauge("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "1", "Ratio of time the graphics engine is active."),
  smActive: gauge("DCGM_FI_PROF_SM_ACTIVE", "1", "The ratio of cycles an SM has at least 1 warp assigned."),
  smOccupancy: gauge("DCGM_FI_PROF_SM_OCCUPANCY", "1", "The ratio of number of warps resident on an SM."),
  tensorActive: gauge("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "1", "Ratio of cycles the tensor (HMMA) pipe is active."),
  dramActive: gauge(
    "DCGM_FI_PROF_DRAM_ACTIVE",
    "1",
    "Ratio of cycles the device memory interface is active sending or receiving data.",
  ),
  fp64Active: gauge("DCGM_FI_PROF_PIPE_FP64_ACTIVE", "1", "Ratio of cycles the fp64 pipes are active."),
  fp32Active: gauge("DCGM_FI_PROF_PIPE_FP32_ACTIVE", "1", "Ratio of cycles the fp32 pipes are active."),
  fp16Active: gauge("DCGM_FI_PROF_PIPE_FP16_ACTIVE", "1", "Ratio of cycles the fp16 pipes are active."),
  pcieSent: gauge(
    "DCGM_FI_PROF_PCIE_TX_BYTES",
    "By/s",
    "The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes per second.",
  ),
  pcieReceived: gauge(
    "DCGM_FI_PROF_PCIE_RX_BYTES",
    "By/s",
    "The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes per second.",
  ),
} as const satisfies Readonly<Record<string, DcgmSignal>>;
