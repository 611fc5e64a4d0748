import type { ThresholdTable } from "../threshold.ts";

export const WORKLOADS_THRESHOLDS = {} as const satisfies ThresholdTable;
