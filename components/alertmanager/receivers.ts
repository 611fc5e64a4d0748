import { within, type WorkloadPaths } from "../runtime/workload.ts";
import { DEAD_MAN_SWITCH, PAGE_ONLY } from "./recipients.ts";
import type { AlertNotifications, AlertReceiver } from "./settings.ts";

const TITLE = '{{ template "notification.title" . }}';
const TEXT = '{{ template "notification.text" . }}';
// Of the first alert: a link all of a group share need not exist, and an empty one is refused.
const annotation = (name: string) => `{{ (index .Alerts 0).Annotations.${name} }}`;

/** Every receiver, those of the platform's own routes included. */
export function renderReceivers(
  { receivers, deadManSwitch }: AlertNotifications,
  paths: WorkloadPaths,
): readonly object[] {
  return [
    { name: PAGE_ONLY },
    ...(deadManSwitch === undefined
      ? []
      : [
          {
            name: DEAD_MAN_SWITCH,
            // A resolved Watchdog is an alarm as well: silence says it.
            webhook_configs: [{ url_file: within(paths.secrets, deadManSwitch.secret), send_resolved: false }],
          },
        ]),
    ...receivers.map((receiver) => renderReceiver(receiver, within(paths.secrets, receiver.secret))),
  ];
}

function renderReceiver(receiver: AlertReceiver, file: string): object {
  const { name } = receiver;
  switch (receiver.kind) {
    case "webhook":
      // The payload is the standard one, every label and annotation in it.
      return { name, webhook_configs: [{ url_file: file, send_resolved: true }] };
    case "slack":
      return { name, slack_configs: [renderSlack(receiver.channel, file)] };
    case "pagerduty":
      return { name, pagerduty_configs: [renderPagerduty(file)] };
    case "teams":
      return {
        name,
        msteamsv2_configs: [{ webhook_url_file: file, send_resolved: true, title: TITLE, text: TEXT }],
      };
    case "email":
      return { name, email_configs: [renderEmail(receiver, file)] };
  }
}

function renderSlack(channel: string, file: string): object {
  return {
    api_url_file: file,
    channel,
    send_resolved: true,
    color: '{{ template "notification.color" . }}',
    title: TITLE,
    title_link: annotation("runbook_url"),
    fallback: TITLE,
    text: TEXT,
  };
}

function renderPagerduty(file: string): object {
  return {
    routing_key_file: file,
    send_resolved: true,
    description: TITLE,
    severity:
      '{{ if eq .CommonLabels.severity "critical" "warning" "info" }}{{ .CommonLabels.severity }}{{ else }}warning{{ end }}',
    class: "{{ .CommonLabels.alertname }}",
    component: '{{ template "notification.subject" (index .Alerts 0) }}',
    group: "{{ .CommonLabels.environment }}",
    details: { alerts: TEXT },
    links: [
      { href: annotation("runbook_url"), text: "Runbook" },
      { href: annotation("dashboard_url"), text: "Dashboard" },
    ],
  };
}

function renderEmail({ to, from, smarthost, user }: AlertReceiver & { kind: "email" }, file: string): object {
  return {
    to: to.join(", "),
    from,
    smarthost,
    auth_username: user,
    auth_password_file: file,
    require_tls: true,
    send_resolved: true,
    headers: { Subject: TITLE },
    text: TEXT,
    html: '{{ template "notification.html" . }}',
  };
}
