import type { ThresholdTable } from "../threshold.ts";

export const HOST_THRESHOLDS = {} as const satisfies ThresholdTable;
