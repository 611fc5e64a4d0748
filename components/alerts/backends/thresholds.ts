import type { ThresholdTable } from "../threshold.ts";

export const BACKENDS_THRESHOLDS = {} as const satisfies ThresholdTable;
