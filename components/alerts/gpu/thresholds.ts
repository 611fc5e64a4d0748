import type { ThresholdTable } from "../threshold.ts";

export const GPU_THRESHOLDS = {} as const satisfies ThresholdTable;
