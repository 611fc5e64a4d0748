import { alertmanager } from "../../signals/backends.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { Inventory } from "../area.ts";
import { NEVER_PASSES_A_GATEWAY } from "../telemetry/exempt.ts";

/** Notification. */
export const alertmanagerAlerts = ({ alertmanagers }: Inventory): readonly AlertDefinition[] => [
  ...(alertmanagers > 1 ? [clusterSplit(alertmanagers)] : []),
  ...(alertmanagers > 0 ? [notificationsFailing] : []),
];

const clusterSplit = (replicas: number): AlertDefinition => ({
  name: "AlertmanagerClusterSplit",
  severity: "warning",
  meaning: "Alertmanagers that should be one cluster do not all see each other.",
  summary: "Alertmanager {{ $labels.instance }} sees only {{ $value }} of the cluster's members.",
  query: promql`${alertmanager.clusterMembers} < ${replicas}`,
  for: "5m",
  impact: "Every alert is notified once per part of the cluster, and a silence holds in one part only.",
  actions: [
    "A replica that is down has an alert of its own: act on that.",
    "All run: test the cluster port between them, and its certificates: `npm run verify -- <stack>`.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
});

const notificationsFailing: AlertDefinition = {
  name: "NotificationsFailing",
  severity: "critical",
  meaning: "An Alertmanager cannot deliver notifications to one of its channels.",
  summary: "Alertmanager {{ $labels.instance }} cannot notify by {{ $labels.integration }}.",
  query: promql`
    sum by (job, instance, integration) (increase(${alertmanager.notificationsFailed}[10m])) > 0`,
  for: "5m",
  impact: "Whoever listens on that channel only is not told; this alert comes by the other channels.",
  actions: [
    "Read the channel's answer in the Alertmanager's log.",
    "`401`, `403` or `404`: the key or address was withdrawn; set a new one with `npm run secret`, then `npm run up -- <stack>`.",
    "A timeout: test the way out from the Alertmanager's host.",
  ],
  dashboard: "backends",
  datadog: NEVER_PASSES_A_GATEWAY,
};
