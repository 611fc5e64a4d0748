import { threshold, type ThresholdTable, type ThresholdValues } from "../threshold.ts";

export const SERVICE_LEVELS_THRESHOLDS = {
  availability: threshold(
    0.995,
    "1",
    "Share of requests that must succeed over 30 days: three and a half hours of outage; the documents give none (S1 L208).",
  ),
  latency: threshold(
    0.95,
    "1",
    "Share of requests that must be served within the target over 30 days; the documents speak of P95 (S1 L287).",
  ),
  latencySeconds: threshold(
    2.5,
    "s",
    "Latency target: 0.5, 1, 2.5, 5 or 10, for it is read off a bucket's bound; another value is told of.",
  ),
  requestsAtLeast: threshold(
    20,
    "{request}",
    "Requests within an hour from which a fast burn is told: of fewer, one failure says nothing.",
  ),
} as const satisfies ThresholdTable;

export type ServiceLevelsThresholds = ThresholdValues<typeof SERVICE_LEVELS_THRESHOLDS>;
