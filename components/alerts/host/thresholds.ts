import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const HOST_THRESHOLDS = {
  diskFree: threshold(
    0.1,
    "1",
    "Share of a file system that must stay free; below it checkpoints and logs begin to fail.",
  ),
  inodesFree: threshold(
    0.05,
    "1",
    "Share of a file system's inodes that must stay free; data sets of small files use them up.",
  ),
  memoryStalled: threshold(0.1, "1", "Share of time all work waits for memory; a healthy host has 0."),
  clockOffset: threshold(0.05, "s", "How far a clock may be off: more, and spans of two hosts change their order."),
} as const satisfies ThresholdTable;

export type HostThresholds = ThresholdValues<typeof HOST_THRESHOLDS>;
