import { SERVICE_LEVEL_RECORDS } from "../../signals/recordings-service-levels.ts";
import { alertArea } from "../area.ts";
import { burnAlerts } from "./burn.ts";
import { partnerAlerts } from "./partners.ts";
import { SERVICE_LEVELS_THRESHOLDS } from "./thresholds.ts";

/** What services promise, and how fast they use up what they may fail (S1 L208, S4 L127). */
export const serviceLevelsArea = alertArea({
  name: "serviceLevels",
  thresholds: SERVICE_LEVELS_THRESHOLDS,
  recordings: () => SERVICE_LEVEL_RECORDS,
  alerts: (thresholds) => [...burnAlerts(thresholds), ...partnerAlerts(thresholds)],
});
