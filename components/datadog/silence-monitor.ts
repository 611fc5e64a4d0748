import { gpu } from "../signals/gpu.ts";
import type { RenderedMonitor } from "./monitor.ts";
import { datadog, toConditionText, toNumberText } from "./query.ts";
import type { MonitorSettings } from "./settings.ts";

/** No temperature is lower: the monitor speaks only when there is no data. */
const NEVER = -100;
const MINUTES = 10;

/**
 * Tells of a GPU that reported and no longer does: what Datadog can say of a missing GPU, a silent exporter and a
 * silent host, whose alerts compare with the inventory and so have no form there.
 */
export function renderSilenceMonitor({ environment, notify }: MonitorSettings): RenderedMonitor {
  const query = datadog`max(last_5m):max:${gpu.temperature} by {host,gpu} < ${NEVER}`;
  const env = `env:${environment}`;
  return {
    key: "GpuSilent",
    name: `GpuSilent (${environment})`,
    type: "query alert",
    query: toConditionText(query, [env]),
    message: [
      `GPU {{gpu.name}} of {{host.name}} has not reported for ${MINUTES} minutes: the GPU, its exporter or its host is silent.`,
      "A host that was removed on purpose alerts until Datadog forgets it, within a day: resolve it.",
      ...(notify.length === 0 ? [] : [notify.join(" ")]),
    ].join("\n\n"),
    thresholds: { critical: toNumberText(query.critical) },
    tags: [env, "managed-by:pulumi", "area:gpu", "severity:critical"],
    priority: "1",
    noDataMinutes: MINUTES,
  };
}
