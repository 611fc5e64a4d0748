import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const TELEMETRY_THRESHOLDS = {
  queueFull: threshold(
    0.8,
    "1",
    "Share of a queue in use past which a person is told; the rest is the time left before data is lost.",
  ),
  queueHours: threshold(4, "h", "A queue that at its present growth is full within this time is told of: time to act."),
  memoryShare: threshold(
    0.9,
    "1",
    "Share of a collector's hard memory limit past which the kernel may end it; its own limiter begins at 0.6.",
  ),
  restartsPerHour: threshold(2, "{restart}", "Restarts within an hour from which a collector is said to crash."),
  dataAge: threshold(
    180,
    "s",
    "Age of a host's newest metrics past which they are late; samples come every 60 s at the longest (C-31).",
  ),
  scrapesMissed: threshold(0.1, "1", "Share of scrapes within 15 minutes that may fail while a target is up."),
  seriesGrowth: threshold(1.5, "1", "How many times as many series as a day ago are too many: a label grew."),
  seriesAtLeast: threshold(
    20_000,
    "{series}",
    "Number of series below which growth is of no concern: an environment that has just been built grows.",
  ),
  newSeriesPerSecond: threshold(
    100,
    "{series}/s",
    "New series a second, for half an hour, past which a label takes ever new values; a fleet of 1000 GPUs restarts at less.",
  ),
  itemsAtLeast: threshold(
    10_000,
    "{items}",
    "Spans or log records taken in within half an hour from which a store must have received some, sampled or not.",
  ),
} as const satisfies ThresholdTable;

export type TelemetryThresholds = ThresholdValues<typeof TELEMETRY_THRESHOLDS>;
