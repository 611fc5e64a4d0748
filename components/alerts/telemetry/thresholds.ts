import type { ThresholdTable } from "../threshold.ts";

export const TELEMETRY_THRESHOLDS = {} as const satisfies ThresholdTable;
