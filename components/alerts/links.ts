import type { AlertDefinition } from "./alert.ts";

/** Where the links of a notification lead. */
export interface AlertLinks {
  /** Folder or address of the runbook pages, without a slash at its end. */
  readonly runbooks: string;
  /** Address of Grafana; empty gives a path that is right on any Grafana. */
  readonly grafana: string;
}

/** Labels of an alert that are variables of its dashboard. */
const VARIABLES = ["host_name", "gpu", "service_name"] as const;
/** Stands for the alert's host until the link is a template. */
const HOST_FILTER = "HOST-FILTER";

/** The dashboard, set to the host, GPU and service of the alert. A Prometheus template. */
export function dashboardLink({ dashboard }: Pick<AlertDefinition, "dashboard">, { grafana }: AlertLinks): string {
  const variables = VARIABLES.map(
    (label) => `{{ with $labels.${label} }}&var-${label}={{ . | urlQueryEscape }}{{ end }}`,
  );
  return `${grafana}/d/${dashboard}?from=now-1h&to=now${variables.join("")}`;
}

/** Grafana's page of log lines, of the alert's host where it has one. A Prometheus template. */
export function logsLink(logs: string, { grafana }: AlertLinks): string {
  const pane = {
    datasource: "loki",
    queries: [{ refId: "A", expr: `${logs}${HOST_FILTER}` }],
    range: { from: "now-1h", to: "now" },
  };
  const [before = "", after = ""] = encodeURIComponent(JSON.stringify({ a: pane })).split(HOST_FILTER);
  // Quotes of a JSON string are escaped once more.
  const open = encodeURIComponent(String.raw` | host_name=\"`);
  const close = encodeURIComponent(String.raw`\"`);
  const filter = `{{ with $labels.host_name }}${open}{{ . | urlQueryEscape }}${close}{{ end }}`;
  return `${grafana}/explore?schemaVersion=1&panes=${before}${filter}${after}`;
}
