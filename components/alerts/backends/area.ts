import { alertArea } from "../area.ts";
import { alertmanagerAlerts } from "./alertmanager.ts";
import { availabilityAlerts } from "./availability.ts";
import { lokiAlerts } from "./loki.ts";
import { capacityAlerts } from "./prometheus-capacity.ts";
import { integrityAlerts } from "./prometheus-integrity.ts";
import { ruleAlerts } from "./prometheus-rules.ts";
import { BACKENDS_THRESHOLDS } from "./thresholds.ts";
import { traceAlerts } from "./traces.ts";

/** The programs that store, judge and notify. */
export const backendsArea = alertArea({
  name: "backends",
  thresholds: BACKENDS_THRESHOLDS,
  recordings: () => [],
  alerts: (thresholds, inventory) => [
    ...availabilityAlerts(thresholds, inventory),
    // One that is not ours is watched by whoever runs it.
    ...(inventory.prometheus === 0 ? [] : [...capacityAlerts(thresholds), ...integrityAlerts, ...ruleAlerts]),
    ...alertmanagerAlerts(inventory),
    ...traceAlerts(thresholds, inventory),
    ...lokiAlerts(inventory),
  ],
});
