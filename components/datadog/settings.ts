/** Datadog's sites; an account lives on one of them (https://docs.datadoghq.com/getting_started/site). */
export const DATADOG_SITES = [
  "datadoghq.com",
  "us3.datadoghq.com",
  "us5.datadoghq.com",
  "datadoghq.eu",
  "ap1.datadoghq.com",
  "ap2.datadoghq.com",
  "uk1.datadoghq.com",
  "ddog-gov.com",
  "us2.ddog-gov.com",
] as const;
export type DatadogSite = (typeof DATADOG_SITES)[number];

/** What monitors are told of the environment. */
export interface MonitorSettings {
  /** Name of the environment: value of the tag `env`, which every series and monitor is held to. */
  readonly environment: string;
  /** Handles told of every alert, such as `@pagerduty-gpu` or `@slack-ops`. @default nobody */
  readonly notify: readonly string[];
  /** Service of the workflow monitors. @default workflow-service */
  readonly workflowService: string;
  /** Folder or address of the runbook pages, without a slash at its end. */
  readonly runbooks: string;
}

/** Address of the API, as the provider wants it: no `/api/` behind it. */
export function toApiUrl(site: DatadogSite): string {
  return `https://api.${site}/`;
}
