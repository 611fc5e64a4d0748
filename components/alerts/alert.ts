import type { PrometheusDuration } from "../core/units.ts";
import type { DatadogQuery } from "../datadog/query.ts";
import type { DashboardUid } from "./dashboard-uids.ts";
import type { Query } from "../signals/query.ts";

/** How soon somebody must act: now, today, or never (it informs, or feeds another alert). */
export type Severity = "critical" | "warning" | "info";

/** Why an alert has no Datadog monitor. */
export interface DatadogExemption {
  readonly exempt: string;
}

/** The Datadog form of an alert's condition: `` { ...datadog`…`, recovery: 80 } ``; see `components/datadog/query.ts`. */
export interface DatadogCondition extends DatadogQuery {
  /** Value at which the monitor recovers. @default the critical one */
  readonly recovery?: number;
  /** Minutes without data after which it tells so. @default it does not */
  readonly noDataMinutes?: number;
  /** What the Prometheus rule sees and this form does not. @default nothing: they agree in everything */
  readonly lacks?: string;
}

/** One alert. Rules, monitors, runbook pages and the links in a notification are all made from it. */
export interface AlertDefinition {
  /** Unique, in PascalCase. */
  readonly name: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence, for somebody who never saw this alert. */
  readonly meaning: string;
  /** The first line of a notification; a Prometheus template such as `GPU {{ $labels.gpu }} of {{ $labels.host_name }} …`. */
  readonly summary: string;
  readonly query: Query;
  /** How long the condition must hold. @default it fires at once */
  readonly for?: PrometheusDuration;
  /** How long it keeps firing once the condition is gone. */
  readonly keepFiringFor?: PrometheusDuration;
  /** Who is told beside the default receivers, as the label `team`. */
  readonly team?: string;
  /** What is lost while nobody acts. */
  readonly impact: string;
  /** What to do first, most telling step first; commands in backquotes. */
  readonly actions: readonly string[];
  /** Keys of the environment that change it, such as `alerts.gpu.temperature`. */
  readonly knobs?: readonly string[];
  /** Uid of the dashboard to open. */
  readonly dashboard: DashboardUid;
  /** LogQL that shows the lines beside it; `{{ $labels.service_name }}` in it is that label of the alert. */
  readonly logs?: string;
  /** Several conditions are several monitors, any of which is the alert: Datadog has no `or` within one. */
  readonly datadog: DatadogCondition | readonly DatadogCondition[] | DatadogExemption;
  /** Ids of the requirements it answers. */
  readonly requirements?: readonly string[];
}
