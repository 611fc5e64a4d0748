import type { Address } from "../core/endpoint.ts";
import type { PrometheusDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";

/** How soon somebody must act, as the label `severity` of an alert says it. */
export type NotifiedSeverity = "critical" | "warning" | "info";

interface Receiver {
  /** Unique in the environment. */
  readonly name: string;
  /** Name of the stack's secret that holds its URL, key or password. */
  readonly secret: string;
}

/** One way to reach people; what is secret about it is read from a file. */
export type AlertReceiver =
  | (Receiver & { readonly kind: "webhook" })
  | (Receiver & { readonly kind: "slack"; readonly channel: string })
  | (Receiver & { readonly kind: "pagerduty" })
  | (Receiver & { readonly kind: "teams" })
  | (Receiver & EmailAccount & { readonly kind: "email" });

/** Mail over SMTP, always with TLS; the secret is the password of `user`. */
export interface EmailAccount {
  readonly to: readonly string[];
  readonly from: string;
  /** `host:port`; 465 is TLS from the first byte, every other port must offer STARTTLS. */
  readonly smarthost: string;
  readonly user: string;
}

/** When a group of alerts is told. */
export interface Intervals {
  /** How long a new group waits for more alerts before it is told. */
  readonly groupWait: PrometheusDuration;
  /** How long a told group waits before it tells of alerts that joined or left it; also the timeout of a notification. */
  readonly groupInterval: PrometheusDuration;
  /** How often a group that does not change is told again. */
  readonly repeatInterval: PrometheusDuration;
}

/** A webhook that raises the alarm when it hears nothing: whoever watches the watchers. */
export interface DeadManSwitch {
  /** Name of the stack's secret that holds its URL. */
  readonly secret: string;
  /** How often it is told that alerting works, to 15 s. */
  readonly every: PrometheusDuration;
}

/** Who is told what, and when. */
export interface AlertNotifications {
  /** None: alerts show on Alertmanager's own page and go nowhere else. */
  readonly receivers: readonly AlertReceiver[];
  /** Receivers of each severity. @default critical and warning: every receiver that no team names; info: none */
  readonly severities?: { readonly [severity in NotifiedSeverity]?: readonly string[] | undefined };
  /** Receivers told, besides those of the severity, of critical and warning alerts with the label `team`. @default none */
  readonly teams?: Readonly<Record<string, readonly string[]>>;
  /** @default {@link DEFAULT_INTERVALS} */
  readonly intervals?: { readonly [severity in NotifiedSeverity]?: Partial<Intervals> };
  /** Hosts whose alerts show on Alertmanager's page and are told to nobody. @default none */
  readonly quietHosts?: readonly string[];
  /** @default none: Watchdog shows on Alertmanager's page only */
  readonly deadManSwitch?: DeadManSwitch | undefined;
}

export interface AlertmanagerSettings extends AlertNotifications {
  readonly placement: Placement<"http" | "cluster">;
  /** Cluster addresses of the other replicas. */
  readonly peers: readonly Address[];
  /** Page on which people see every alert, as they open it. @default the address its clients know */
  readonly externalUrl?: string | undefined;
}

/** What is critical is told at once and often; what can wait is gathered first. */
export const DEFAULT_INTERVALS: Readonly<Record<NotifiedSeverity, Intervals>> = {
  critical: { groupWait: "10s", groupInterval: "1m", repeatInterval: "1h" },
  warning: { groupWait: "30s", groupInterval: "5m", repeatInterval: "12h" },
  info: { groupWait: "1m", groupInterval: "15m", repeatInterval: "1d" },
};
