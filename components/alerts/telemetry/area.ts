import { collectorRecords } from "../../signals/recordings-telemetry.ts";
import { alertArea } from "../area.ts";
import { collectorAlerts } from "./collectors.ts";
import { deliveryAlerts } from "./delivery.ts";
import { freshnessAlerts } from "./freshness.ts";
import { gatewayAlerts } from "./gateways.ts";
import { queueAlerts } from "./queues.ts";
import { seriesAlerts } from "./series.ts";
import { storedAlerts } from "./stored.ts";
import { TELEMETRY_THRESHOLDS } from "./thresholds.ts";
import { watchdog } from "./watchdog.ts";

/** The pipeline itself: what comes in, what waits, what is delivered, and that anybody would be told. */
export const telemetryArea = alertArea({
  name: "telemetry",
  thresholds: TELEMETRY_THRESHOLDS,
  recordings: () => Object.values(collectorRecords),
  alerts: (thresholds, inventory) => [
    watchdog,
    ...gatewayAlerts(inventory),
    ...freshnessAlerts(thresholds, inventory),
    ...deliveryAlerts(),
    ...queueAlerts(thresholds),
    ...collectorAlerts(thresholds, inventory),
    ...storedAlerts(thresholds, inventory),
    // Of all that an existing Prometheus holds, ours may be the least.
    ...(inventory.prometheus === 0 ? [] : seriesAlerts(thresholds)),
  ],
});
