import { alertArea } from "../area.ts";
import { silenceAlerts } from "./silence.ts";
import { storageAlerts } from "./storage.ts";
import { systemAlerts } from "./system.ts";
import { HOST_THRESHOLDS } from "./thresholds.ts";

export const hostArea = alertArea({
  name: "host",
  thresholds: HOST_THRESHOLDS,
  recordings: () => [],
  alerts: (t, inventory) => [...silenceAlerts(inventory), ...storageAlerts(t), ...systemAlerts(t)],
});
