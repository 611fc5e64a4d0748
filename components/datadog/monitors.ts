import type { AlertDefinition, DatadogCondition, Severity } from "../alerts/alert.ts";
import type { PlannedAlert } from "../alerts/render.ts";
import { renderDocumentMonitors } from "./document-monitors.ts";
import type { RenderedMonitor } from "./monitor.ts";
import { toConditionText, toNumberText } from "./query.ts";
import { renderSilenceMonitor } from "./silence-monitor.ts";
import type { MonitorSettings } from "./settings.ts";

const PRIORITIES: Readonly<Record<Severity, RenderedMonitor["priority"] & string>> = {
  critical: "1",
  warning: "3",
  info: "5",
};

/** Every monitor of an environment: those of the documents, that of silent GPUs, and the Datadog forms of alerts. */
export function renderMonitors(alerts: readonly PlannedAlert[], settings: MonitorSettings): readonly RenderedMonitor[] {
  const rendered = alerts.flatMap((alert) => {
    const conditions = conditionsOf(alert);
    return conditions.map((condition, index) =>
      renderMonitor(alert, condition, conditions.length === 1 ? "" : ` ${index + 1}`, settings),
    );
  });
  return [...renderDocumentMonitors(settings), renderSilenceMonitor(settings), ...rendered];
}

/** The Datadog forms of an alert; none where it is exempt. */
export function conditionsOf({ datadog }: AlertDefinition): readonly DatadogCondition[] {
  if ("exempt" in datadog) return [];
  return "pieces" in datadog ? [datadog] : datadog;
}

function renderMonitor(
  alert: PlannedAlert,
  condition: DatadogCondition,
  part: string,
  settings: MonitorSettings,
): RenderedMonitor {
  const { name, area, severity, team } = alert;
  const { critical, recovery, noDataMinutes } = condition;
  const env = `env:${settings.environment}`;
  // The environment in the name tells apart what several stacks keep in one account.
  return {
    key: `${name}${part.trim()}`,
    name: `${name}${part} (${settings.environment})`,
    type: "query alert",
    query: toConditionText(condition, [env]),
    message: toMessage(alert, condition, settings),
    thresholds: {
      critical: toNumberText(critical),
      ...(recovery === undefined ? {} : { criticalRecovery: toNumberText(recovery) }),
    },
    tags: [
      env,
      "managed-by:pulumi",
      `area:${area}`,
      `severity:${severity}`,
      ...(team === undefined ? [] : [`team:${team}`]),
    ],
    priority: PRIORITIES[severity],
    ...(noDataMinutes === undefined ? {} : { noDataMinutes }),
  };
}

function toMessage(
  { name, meaning, impact, actions }: PlannedAlert,
  { by, lacks }: DatadogCondition,
  { notify, runbooks }: MonitorSettings,
): string {
  // A tag with a dot or a dash in it needs brackets: https://docs.datadoghq.com/monitors/notify/variables.
  const variable = (tag: string) => (/^\w+$/.test(tag) ? `{{${tag}.name}}` : `{{[${tag}].name}}`);
  const group = by.map((tag) => `${tag} ${variable(tag)}`).join(", ");
  return [
    meaning,
    `Value {{value}}, threshold {{threshold}}${group === "" ? "" : ` on ${group}`}.`,
    `Impact: ${impact}`,
    ["First actions:", ...actions.map((action, index) => `${index + 1}. ${action}`)].join("\n"),
    ...(lacks === undefined ? [] : [`Not seen by this monitor: ${lacks}.`]),
    `Runbook: ${runbooks}/${name}.md`,
    ...(notify.length === 0 ? [] : [notify.join(" ")]),
  ].join("\n\n");
}
