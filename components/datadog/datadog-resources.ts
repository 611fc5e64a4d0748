import * as datadog from "@pulumi/datadog";
import * as pulumi from "@pulumi/pulumi";
import { toJson } from "../core/yaml.ts";
import type { RenderedMonitor } from "./monitor.ts";
import { type DatadogSite, toApiUrl } from "./settings.ts";

export interface DatadogResourcesArgs {
  /** Site the account lives on, such as `datadoghq.eu`. */
  readonly site: DatadogSite;
  /** API key; kept as a secret whether or not it is handed over as one. */
  readonly apiKey: pulumi.Input<string>;
  /** Application key; log and trace monitors need one without scopes. Kept as a secret. */
  readonly appKey: pulumi.Input<string>;
  readonly monitors: readonly RenderedMonitor[];
  /** Dashboards in Datadog's JSON, by name. */
  readonly dashboards: Readonly<Record<string, object>>;
}

/**
 * Monitors and dashboards of one environment in a Datadog account: creates `${name}-provider`, a
 * `${name}-monitor-…` for each monitor and a `${name}-dashboard-…` for each dashboard. It sends no telemetry, and
 * asks Datadog nothing until it is deployed: neither keys nor monitors are validated in a preview.
 */
export class DatadogResources extends pulumi.ComponentResource {
  /** Ids of the monitors by key. */
  readonly monitorIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Paths of the dashboards on the site, by name. */
  readonly dashboardUrls: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: DatadogResourcesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const { site, apiKey, appKey, monitors, dashboards } = args;
    super("gpuobs:datadog:DatadogResources", name, { site }, opts);
    const provider = new datadog.Provider(
      `${name}-provider`,
      { apiKey: pulumi.secret(apiKey), appKey: pulumi.secret(appKey), apiUrl: toApiUrl(site), validate: "false" },
      { parent: this },
    );
    const child = { parent: this, provider };
    this.monitorIds = Object.fromEntries(
      monitors.map((monitor) => [
        monitor.key,
        new datadog.Monitor(`${name}-monitor-${monitor.key}`, toMonitorArgs(monitor), child).id,
      ]),
    );
    this.dashboardUrls = Object.fromEntries(
      Object.entries(dashboards).map(([key, dashboard]) => [
        key,
        new datadog.DashboardJson(`${name}-dashboard-${key}`, { dashboard: toJson(dashboard) }, child).url,
      ]),
    );
    this.registerOutputs({ monitorIds: this.monitorIds, dashboardUrls: this.dashboardUrls });
  }
}

function toMonitorArgs(monitor: RenderedMonitor): datadog.MonitorArgs {
  const { name, type, query, message, thresholds, tags, priority, noDataMinutes } = monitor;
  return {
    name,
    type,
    query,
    message,
    monitorThresholds: thresholds,
    tags: [...tags],
    ...(priority === undefined ? {} : { priority }),
    notifyNoData: noDataMinutes !== undefined,
    ...(noDataMinutes === undefined ? {} : { noDataTimeframe: noDataMinutes }),
    // A GPU's faults are sparse: a full window would never be there.
    requireFullWindow: false,
    // The monitor itself is validated by the API, which a preview must not need.
    validate: false,
  };
}
