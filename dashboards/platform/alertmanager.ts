import { alertmanager, prometheus } from "../../components/signals/backends.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";

export const alertmanagerPanels: readonly Panel[] = [
  {
    title: "Alerts",
    description: "Alerts Alertmanager knows, by state.",
    kind: "timeseries",
    queries: [metric(promql`max by (state) (${alertmanager.alerts})`, "{{state}}")],
    empty: "No Alertmanager answers.",
    min: 0,
    stack: true,
    width: 8,
    series: { active: "critical", suppressed: "idle", unprocessed: "warning" },
  },
  {
    title: "Notifications",
    description: "Notifications attempted, and failed, a second, by kind of receiver.",
    kind: "timeseries",
    queries: [
      metric(
        promql`sum by (integration) (rate(${alertmanager.notifications}[$__rate_interval])) > 0`,
        "{{integration}}",
        { absentWhile: "no alert fires" },
      ),
      metric(
        promql`sum by (integration) (rate(${alertmanager.notificationsFailed}[$__rate_interval])) > 0`,
        "{{integration}} failed",
        { absentWhile: "every notification arrives" },
      ),
    ],
    unit: "{notification}/s",
    empty: "Nobody had to be told anything.",
    min: 0,
    width: 8,
  },
  {
    title: "Replicas",
    description:
      "Replicas each Alertmanager is in touch with, and those each Prometheus sends to. Fewer: alerts may come twice or not at all.",
    kind: "timeseries",
    queries: [
      metric(promql`min by (instance) (${alertmanager.clusterMembers})`, "{{instance}} in cluster"),
      metric(promql`min by (instance) (${prometheus.alertmanagers})`, "{{instance}} sends to"),
    ],
    unit: "{server}",
    empty: "No Alertmanager answers.",
    min: 0,
    width: 8,
  },
];
