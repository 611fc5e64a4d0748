import type { AlertDefinition } from "./alert.ts";

/** Where the links of a notification lead, as people open them. Without a slash at the end. */
export interface AlertLinks {
  /** Address of the folder of runbook pages. @default a notification names the page's path in the repository */
  readonly runbooks?: string | undefined;
  /** Address of Grafana. @default a notification has no link to a dashboard or to logs */
  readonly grafana?: string | undefined;
}

/** Annotations of an alert that say where to look; each that is a link is absolute. */
export type LinkAnnotations = Readonly<
  Partial<Record<"runbook_url" | "runbook" | "dashboard_url" | "logs_url", string>>
>;

/** Folder of the runbook pages in the repository. */
export const RUNBOOK_FOLDER = "infra/runbooks/alerts";

/** Labels of an alert that are variables of its dashboard. */
const VARIABLES = ["host_name", "gpu", "service_name"] as const;
/** Stands for the alert's host until the link is a template. */
const HOST_FILTER = "HOST-FILTER";
/** A label of the alert within its LogQL. */
const LABEL = /\{\{ \$labels\.(\w+) \}\}/;

/** Everything a notification of an alert links to. Prometheus templates. */
export function planLinks(
  alert: Pick<AlertDefinition, "name" | "dashboard" | "logs">,
  { runbooks, grafana }: AlertLinks,
): LinkAnnotations {
  const { name, logs } = alert;
  return {
    ...(runbooks === undefined
      ? { runbook: `${RUNBOOK_FOLDER}/${name}.md` }
      : { runbook_url: `${runbooks}/${name}.md` }),
    ...(grafana === undefined ? {} : { dashboard_url: dashboardLink(alert, grafana) }),
    ...(grafana === undefined || logs === undefined ? {} : { logs_url: logsLink(logs, grafana) }),
  };
}

/** The dashboard, set to the host, GPU and service of the alert. */
function dashboardLink({ dashboard }: Pick<AlertDefinition, "dashboard">, grafana: string): string {
  const variables = VARIABLES.map(
    (label) => `{{ with $labels.${label} }}&var-${label}={{ . | urlQueryEscape }}{{ end }}`,
  );
  return `${grafana}/d/${dashboard}?from=now-1h&to=now${variables.join("")}`;
}

/** Grafana's page of log lines: of the alert's host where it has one, of the labels that the LogQL names. */
function logsLink(logs: string, grafana: string): string {
  const pane = {
    datasource: "loki",
    queries: [{ refId: "A", expr: `${logs}${HOST_FILTER}` }],
    range: { from: "now-1h", to: "now" },
  };
  const [before = "", after = ""] = encodeTemplate(JSON.stringify({ a: pane })).split(HOST_FILTER);
  // Quotes of a JSON string are escaped once more.
  const open = encodeURIComponent(String.raw` | host_name=\"`);
  const close = encodeURIComponent(String.raw`\"`);
  const filter = `{{ with $labels.host_name }}${open}{{ . | urlQueryEscape }}${close}{{ end }}`;
  return `${grafana}/explore?schemaVersion=1&panes=${before}${filter}${after}`;
}

/** Text of a URL in which labels of the alert stay a template. */
function encodeTemplate(text: string): string {
  return text
    .split(LABEL)
    .map((part, index) => (index % 2 === 0 ? encodeURIComponent(part) : `{{ $labels.${part} | urlQueryEscape }}`))
    .join("");
}
