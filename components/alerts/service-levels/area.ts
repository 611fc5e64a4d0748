import { alertArea } from "../area.ts";
import { SERVICE_LEVELS_THRESHOLDS } from "./thresholds.ts";

export const serviceLevelsArea = alertArea({
  name: "serviceLevels",
  thresholds: SERVICE_LEVELS_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
