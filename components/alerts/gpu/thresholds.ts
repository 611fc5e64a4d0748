import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const GPU_THRESHOLDS = {
  temperature: threshold(85, "Cel", "Hotter GPUs are near the point where they slow themselves down (87 on an H100)."),
  memoryTemperature: threshold(
    95,
    "Cel",
    "Hotter memory is refreshed more often and fails sooner (HBM is rated to 95).",
  ),
  thermalThrottleShare: threshold(
    0.1,
    "1",
    "Share of time held down by heat; a tenth already shows in a job's duration.",
  ),
  powerThrottleShare: threshold(
    0.5,
    "1",
    "Share of time held down by the power limit. Touching it is normal under full load, half of the time is a limit set too low.",
  ),
  boardThrottleShare: threshold(
    0.05,
    "1",
    "Share of time held down by the board's or the chip's own protection; 0 is normal.",
  ),
  correctedEccPerHour: threshold(
    100,
    "{error}/h",
    "Healthy memory has a few corrected errors a day; hundreds an hour come before the uncorrectable one.",
  ),
  nvlinkErrors: threshold(
    100,
    "{error}",
    "NVLink errors within 15 minutes that were mended by sending again; single ones are normal.",
  ),
  pcieReplaysPerMinute: threshold(8, "/min", "PCIe packets sent again; DCGM's own health check draws the line here."),
  idleActivity: threshold(0.02, "1", "A GPU whose engines are busy for less than this share of an hour does nothing."),
  idleMemoryShare: threshold(0.1, "1", "A GPU with more than this share of its memory in use is held by somebody."),
} as const satisfies ThresholdTable;

export type GpuThresholds = ThresholdValues<typeof GPU_THRESHOLDS>;
