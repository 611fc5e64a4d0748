import { DEAD_MAN_SWITCH, PAGE_ONLY, recipientsOf, teamRecipientsOf } from "./recipients.ts";
import { type AlertNotifications, DEFAULT_INTERVALS, type Intervals, type NotifiedSeverity } from "./settings.ts";

/** A node of `route`. */
export interface Route {
  readonly receiver: string;
  readonly matchers?: readonly string[];
  readonly continue?: boolean;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly routes?: readonly Route[];
}

/** One message for one thing that is wrong with one machine: eight hot GPUs of a host are one message. */
const GROUP_BY = ["alertname", "environment", "host_name", "service_name"] as const;

const MATCHERS: Readonly<Record<NotifiedSeverity, string>> = {
  critical: 'severity="critical"',
  info: 'severity="info"',
  // Also what an unknown severity counts as: somebody else's rule must not fire unheard.
  warning: 'severity!~"critical|info"',
};

/** Who is told of which alert. What no route tells anybody of shows on Alertmanager's page. */
export function renderRoutes(notifications: AlertNotifications): Route {
  return {
    receiver: PAGE_ONLY,
    group_by: GROUP_BY,
    routes: [
      renderWatchdog(notifications),
      ...renderQuietHosts(notifications),
      ...(["critical", "warning", "info"] as const).map((severity) => renderSeverity(severity, notifications)),
    ],
  };
}

/** Always firing by design, and told to nobody else: its silence is the alarm. */
function renderWatchdog({ deadManSwitch }: AlertNotifications): Route {
  const matchers = ['alertname="Watchdog"'];
  if (deadManSwitch === undefined) return { matchers, receiver: PAGE_ONLY };
  return {
    matchers,
    receiver: DEAD_MAN_SWITCH,
    group_wait: "0s",
    // Told at the first of these that `every` has gone by; equal intervals would miss every other one.
    group_interval: "15s",
    repeat_interval: deadManSwitch.every,
  };
}

/** Before all others, and with no word to anybody. */
function renderQuietHosts({ quietHosts = [] }: AlertNotifications): readonly Route[] {
  return quietHosts.length === 0 ? [] : [{ matchers: [`host_name=~"${quietHosts.join("|")}"`], receiver: PAGE_ONLY }];
}

function renderSeverity(severity: NotifiedSeverity, notifications: AlertNotifications): Route {
  const teams = Object.keys(notifications.teams ?? {});
  return {
    matchers: [MATCHERS[severity]],
    receiver: PAGE_ONLY,
    ...renderIntervals({ ...DEFAULT_INTERVALS[severity], ...notifications.intervals?.[severity] }),
    routes: [
      ...recipientsOf(severity, notifications).map((receiver) => ({ receiver, continue: true })),
      ...teams.flatMap((team) =>
        teamRecipientsOf(team, severity, notifications).map((receiver) => ({
          matchers: [`team=${JSON.stringify(team)}`],
          receiver,
          continue: true,
        })),
      ),
    ],
  };
}

function renderIntervals({ groupWait, groupInterval, repeatInterval }: Intervals) {
  return { group_wait: groupWait, group_interval: groupInterval, repeat_interval: repeatInterval };
}
