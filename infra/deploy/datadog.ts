import * as pulumi from "@pulumi/pulumi";
import type { PlannedAlert } from "../../components/alerts/render.ts";
import { ConfigError } from "../../components/core/errors.ts";
import { DatadogResources } from "../../components/datadog/datadog-resources.ts";
import { renderDatadogDashboard } from "../../components/datadog/dashboard.ts";
import { renderMonitors } from "../../components/datadog/monitors.ts";
import type { DatadogSite } from "../../components/datadog/settings.ts";

/** What an environment says of Datadog. */
export interface DatadogDescription {
  readonly enabled: boolean;
  readonly site: DatadogSite;
  /** Names of the stack's secrets that hold the keys. */
  readonly apiKeySecret: string;
  readonly appKeySecret: string;
  readonly notify: readonly string[];
  readonly workflowService: string;
}

export interface DatadogDeployment {
  /** Name of the environment. */
  readonly environment: string;
  readonly datadog: DatadogDescription;
  readonly alerts: readonly PlannedAlert[];
  /** Folder or address of the runbook pages, without a slash at its end. */
  readonly runbooks: string;
}

/**
 * Monitors and the dashboard of an environment, or nothing at all where Datadog is off.
 *
 * @throws {ConfigError} when it is on and the stack lacks a key
 */
export function deployDatadog(deployment: DatadogDeployment): DatadogResources | undefined {
  const { environment, datadog, alerts, runbooks } = deployment;
  if (!datadog.enabled) return undefined;
  const { site, apiKeySecret, appKeySecret, notify, workflowService } = datadog;
  const config = new pulumi.Config();
  const missing = [apiKeySecret, appKeySecret].filter((name) => (config.get(name) ?? "") === "");
  // A preview needs no secret: whoever reviews a change has none.
  if (missing.length > 0 && !pulumi.runtime.isDryRun()) throw new ConfigError([missingKeys(environment, missing)]);
  const secretOf = (name: string) => config.getSecret(name) ?? pulumi.secret("not set");
  return new DatadogResources("datadog", {
    site,
    apiKey: secretOf(apiKeySecret),
    appKey: secretOf(appKeySecret),
    monitors: renderMonitors(alerts, { environment, notify, workflowService, runbooks }),
    dashboards: { "gpu-fleet": renderDatadogDashboard(environment) },
  });
}

function missingKeys(environment: string, missing: readonly string[]) {
  const set = missing.map((name) => `npm run secret -- ${environment} ${name}`).join(" && ");
  return {
    path: `stacks/Pulumi.${environment}.yaml: ${missing.map((name) => `gpu-observability:${name}`).join(", ")}`,
    expected: "Datadog's keys as secret values, because datadog.enabled is true",
    got: "nothing",
    fix: `${set}; or set datadog.enabled: false`,
  };
}
