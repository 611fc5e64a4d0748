import type { AlertArea } from "./area.ts";
import { backendsArea } from "./backends/area.ts";
import { gpuArea } from "./gpu/area.ts";
import { hostArea } from "./host/area.ts";
import { serviceLevelsArea } from "./service-levels/area.ts";
import { telemetryArea } from "./telemetry/area.ts";
import { workloadsArea } from "./workloads/area.ts";

/** Every area, by its key under `alerts` in an environment. */
export const ALERT_AREAS = {
  gpu: gpuArea,
  host: hostArea,
  telemetry: telemetryArea,
  backends: backendsArea,
  workloads: workloadsArea,
  serviceLevels: serviceLevelsArea,
} as const;

export type AlertAreaName = keyof typeof ALERT_AREAS;

/** The areas without the types of their thresholds. */
export const AREAS: readonly AlertArea[] = Object.values(ALERT_AREAS) as unknown as readonly AlertArea[];
