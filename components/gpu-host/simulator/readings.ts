import { CLOCK_EVENTS, type ClockEvent } from "../../signals/dcgm.ts";
import type { MigInstance } from "./fleet.ts";
import { condition, toClockMask, toSmClock, type Conditions, type Counts, type GpuState } from "./gpu-state.ts";
import { COUNT_WINDOW_MS } from "./simulation.ts";
import { toXidLabel } from "./xid.ts";

/** One sample of a field, as the exporter prints it: its value and the labels only this field has. */
export interface Sample {
  readonly value: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Reads a field of a GPU, or of one of its MIG instances. */
type Reading = (gpu: GpuState, instance: MigInstance | undefined) => readonly Sample[];

/** DCGM has integer and double fields; the exporter prints the latter with six decimals. */
const int =
  (read: (gpu: GpuState) => number): Reading =>
  (gpu) => [{ value: String(Math.round(read(gpu))), labels: {} }];
const double =
  (read: (gpu: GpuState) => number): Reading =>
  (gpu) => [{ value: read(gpu).toFixed(6), labels: {} }];
const zero = int(() => 0);
/** DCGM has no utilization of a MIG instance; PROF fields say it instead. */
const wholeGpu =
  (read: (gpu: GpuState) => number): Reading =>
  (gpu, instance) =>
    instance === undefined ? int(read)(gpu, instance) : [];
const held = (...reasons: readonly ClockEvent[]): Reading =>
  int(({ violationNs }) => reasons.reduce((sum, reason) => sum + (violationNs[reason] ?? 0), 0));

/** MiB of an H100 80GB. */
const FB = { total: 81_559, reserved: 555 };
const framebuffer =
  (read: (used: number) => number): Reading =>
  (gpu, instance) => {
    const share = (condition(gpu, "memoryPercent") ?? 10 + 0.6 * gpu.load) / 100;
    const used = (FB.total - FB.reserved) * share;
    return [{ value: String(Math.floor(read(used) * (instance?.share ?? 1))), labels: {} }];
  };

const counted = (name: keyof Counts): Reading => int(({ counts }) => counts[name]);
const flag = (name: keyof Conditions): Reading => int((gpu) => Number(condition(gpu, name) ?? 0));

const windowLabel = { window_size_in_ms: String(COUNT_WINDOW_MS) };

/** Every field the simulator can serve. */
export const READINGS: Readonly<Record<string, Reading>> = {
  DCGM_FI_DEV_SM_CLOCK: int(toSmClock),
  DCGM_FI_DEV_MEM_CLOCK: int(() => 2619),
  DCGM_FI_DEV_CLOCKS_EVENT_REASONS: int(toClockMask),
  DCGM_EXP_CLOCK_EVENTS_COUNT: readClockEvents,
  DCGM_FI_DEV_MEMORY_TEMP: int((gpu) => condition(gpu, "memoryCelsius") ?? gpu.temperature + 7),
  DCGM_FI_DEV_GPU_TEMP: int((gpu) => condition(gpu, "celsius") ?? gpu.temperature),
  DCGM_FI_DEV_POWER_USAGE: double(({ watts }) => watts),
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: int(({ energyMillijoules }) => energyMillijoules),
  DCGM_FI_DEV_PCIE_REPLAY_COUNTER: counted("pcieReplays"),
  DCGM_FI_DEV_GPU_UTIL: wholeGpu(({ load }) => load),
  DCGM_FI_DEV_MEM_COPY_UTIL: wholeGpu(({ load }) => load * 0.55),
  DCGM_FI_DEV_ENC_UTIL: wholeGpu(() => 0),
  DCGM_FI_DEV_DEC_UTIL: wholeGpu(({ load }) => load * 0.04),
  DCGM_FI_DEV_XID_ERRORS: ({ lastXid }) => [
    { value: String(lastXid), labels: { err_code: String(lastXid), err_msg: toXidLabel(lastXid) } },
  ],
  DCGM_EXP_XID_ERRORS_COUNT: readXidErrors,
  DCGM_FI_DEV_POWER_VIOLATION: held("power_cap", "hw_power_brake"),
  DCGM_FI_DEV_THERMAL_VIOLATION: held("sw_thermal", "hw_thermal"),
  DCGM_FI_DEV_SYNC_BOOST_VIOLATION: held("sync_boost"),
  DCGM_FI_DEV_BOARD_LIMIT_VIOLATION: held("hw_slowdown"),
  DCGM_FI_DEV_LOW_UTIL_VIOLATION: zero,
  DCGM_FI_DEV_RELIABILITY_VIOLATION: zero,
  DCGM_FI_DEV_FB_FREE: framebuffer((used) => FB.total - FB.reserved - used),
  DCGM_FI_DEV_FB_USED: framebuffer((used) => used),
  DCGM_FI_DEV_FB_RESERVED: framebuffer(() => FB.reserved),
  DCGM_FI_DEV_FB_TOTAL: framebuffer(() => FB.total),
  DCGM_FI_DEV_ECC_SBE_VOL_TOTAL: counted("eccCorrected"),
  DCGM_FI_DEV_ECC_DBE_VOL_TOTAL: counted("eccUncorrected"),
  // What the card remembers from before the driver started.
  DCGM_FI_DEV_ECC_SBE_AGG_TOTAL: int(({ index, counts }) => index + counts.eccCorrected),
  DCGM_FI_DEV_ECC_DBE_AGG_TOTAL: counted("eccUncorrected"),
  DCGM_FI_DEV_RETIRED_SBE: counted("retiredCorrected"),
  DCGM_FI_DEV_RETIRED_DBE: counted("retiredUncorrected"),
  DCGM_FI_DEV_RETIRED_PENDING: flag("retirementPending"),
  DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS: counted("remappedUncorrected"),
  DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS: counted("remappedCorrected"),
  DCGM_FI_DEV_ROW_REMAP_FAILURE: flag("rowRemapFailed"),
  DCGM_FI_DEV_ROW_REMAP_PENDING: flag("rowRemapPending"),
  DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL: counted("nvlinkFlit"),
  DCGM_FI_DEV_NVLINK_CRC_DATA_ERROR_COUNT_TOTAL: counted("nvlinkData"),
  DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL: counted("nvlinkReplay"),
  DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL: counted("nvlinkRecovery"),
  DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL: int(({ nvlinkTraffic }) => nvlinkTraffic),
  DCGM_FI_DEV_FABRIC_MANAGER_STATUS: int((gpu) => condition(gpu, "fabricManager") ?? 3),
  DCGM_FI_DEV_VGPU_LICENSE_STATUS: zero,
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: double(({ load }) => load / 100),
  DCGM_FI_PROF_SM_ACTIVE: double(({ load }) => load * 0.0092),
  DCGM_FI_PROF_SM_OCCUPANCY: double(({ load }) => load * 0.0041),
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: double(({ load }) => load * 0.0055),
  DCGM_FI_PROF_DRAM_ACTIVE: double(({ load }) => load * 0.0048),
  DCGM_FI_PROF_PIPE_FP64_ACTIVE: double(() => 0),
  DCGM_FI_PROF_PIPE_FP32_ACTIVE: double(({ load }) => load * 0.0012),
  DCGM_FI_PROF_PIPE_FP16_ACTIVE: double(({ load }) => load * 0.0007),
  DCGM_FI_PROF_PCIE_TX_BYTES: int(({ load }) => load * 21_000_000),
  DCGM_FI_PROF_PCIE_RX_BYTES: int(({ load }) => load * 34_000_000),
};

/** What is left of a GPU that fell off the bus: the errors the driver remembers. */
export const WITHOUT_GPU: ReadonlySet<string> = new Set(["DCGM_FI_DEV_XID_ERRORS", "DCGM_EXP_XID_ERRORS_COUNT"]);

/** Samples with each reason set within the window; one zero without a reason where there is none. */
function readClockEvents({ clockSamples }: GpuState): readonly Sample[] {
  const counts = Object.entries(CLOCK_EVENTS).flatMap(([clock_event, bit]) => {
    const count = clockSamples.filter(({ mask }) => (mask & bit) !== 0).length;
    return count === 0 ? [] : [{ value: String(count), labels: { clock_event, ...windowLabel } }];
  });
  return counts.length === 0 ? [{ value: "0", labels: windowLabel }] : counts;
}

function readXidErrors({ xids }: GpuState): readonly Sample[] {
  const codes = [...new Set(xids.map(({ code }) => code))];
  if (codes.length === 0) return [{ value: "0", labels: windowLabel }];
  return codes.map((code) => ({
    value: String(xids.filter((xid) => xid.code === code).length),
    labels: { window_size_in_ms: windowLabel.window_size_in_ms, xid: String(code) },
  }));
}
