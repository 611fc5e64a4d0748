import type { ThresholdTable } from "../threshold.ts";

export const SERVICE_LEVELS_THRESHOLDS = {} as const satisfies ThresholdTable;
