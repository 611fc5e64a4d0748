import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const BACKENDS_THRESHOLDS = {
  prometheusSeries: threshold(
    250_000,
    "{series}",
    "Series in Prometheus' memory past which its default limit of 2 GiB is short: one costs about 4 to 8 KiB.",
  ),
  prometheusDiskGiB: threshold(
    50,
    "GiBy",
    "Disk that Prometheus may use; the documents give none, and a volume's size is not known to Prometheus.",
  ),
  prometheusDiskDays: threshold(3, "d", "Prometheus' disk full within this time, at its present growth, is told of."),
  jaegerDiskGiB: threshold(20, "GiBy", "Size of Jaeger's store past which its retention or its volume must change."),
  requestErrors: threshold(
    0.05,
    "1",
    "Share of a store's requests answered with 5xx past which it is said to fail; the documents' 5 % (S1 L286).",
  ),
} as const satisfies ThresholdTable;

export type BackendsThresholds = ThresholdValues<typeof BACKENDS_THRESHOLDS>;
