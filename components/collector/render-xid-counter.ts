import { kernel } from "../signals/kernel.ts";
import type { Components, PipelineConfig } from "./config.ts";
import { componentId, TYPES } from "./names.ts";

/** Where the logs pipeline sends a copy, to be counted. */
export const XID_COUNTER = componentId(TYPES.connector.count, "xid");
const ARRIVAL = componentId(TYPES.processor.transform, "xid_arrival");
const CUMULATIVE = componentId(TYPES.processor.deltaToCumulative, "xid");

/**
 * An agent that starts reads kern.log from its beginning, or from where it stopped: what is older than this is history,
 * not news. A host that was down for an hour still reports what it died of.
 */
const OLDEST_MINUTES = 60;

/** Counts the Xid lines the kernel log receiver found, by code, GPU and process. */
export function renderXidConnectors(): Components {
  const { name, help } = kernel.xids;
  return {
    [XID_COUNTER]: {
      logs: {
        [name]: {
          description: help,
          conditions: [
            `resource.attributes["service.name"] == "kernel" and attributes["nvidia.xid"] != nil and ` +
              `(time_unix_nano == 0 or Now() - time < Duration("${OLDEST_MINUTES}m"))`,
          ],
          attributes: [
            { key: "nvidia.xid" },
            { key: "nvidia.pci_bus_id" },
            // Without a default a line that names no process would not be counted; empty, it is no label at all.
            { key: "process.executable.name", default_value: "" },
          ],
        },
      },
    },
  };
}

export function renderXidProcessors(): Components {
  return {
    // The connector takes the line's time, in which two lines of one second are one and a late one is out of order.
    [ARRIVAL]: {
      error_mode: "ignore",
      metric_statements: [{ context: "datapoint", statements: ["set(start_time, Now())", "set(time, Now())"] }],
    },
    // Prometheus takes no deltas. A sum is kept for a month without an event, so that it does not start again.
    [CUMULATIVE]: { max_stale: "720h", max_streams: 1000 },
  };
}

/** From the counter to what metrics are sent to. No memory limiter: a refusal here would repeat lines already sent. */
export function renderXidPipeline(exporter: string): PipelineConfig {
  return { receivers: [XID_COUNTER], processors: [ARRIVAL, CUMULATIVE], exporters: [exporter] };
}
