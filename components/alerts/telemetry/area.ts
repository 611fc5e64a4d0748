import { alertArea } from "../area.ts";
import { TELEMETRY_THRESHOLDS } from "./thresholds.ts";

export const telemetryArea = alertArea({
  name: "telemetry",
  thresholds: TELEMETRY_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
