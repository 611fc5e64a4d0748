import type { AlertNotifications, NotifiedSeverity } from "./settings.ts";

/** Receiver of alerts that nobody is told of: they show on Alertmanager's own page. */
export const PAGE_ONLY = "alertmanager-page";
/** Receiver of Watchdog. */
export const DEAD_MAN_SWITCH = "dead-man-switch";
/** Names the platform gives itself. */
export const RESERVED_NAMES: readonly string[] = [PAGE_ONLY, DEAD_MAN_SWITCH];

/** Names of the receivers that hear of every alert of a severity. */
export function recipientsOf(
  severity: NotifiedSeverity,
  { receivers, severities = {}, teams = {} }: AlertNotifications,
): readonly string[] {
  const named = severities[severity];
  if (named !== undefined) return [...new Set(named)];
  if (severity === "info") return [];
  const ofTeams = new Set(Object.values(teams).flat());
  return receivers.map(({ name }) => name).filter((name) => !ofTeams.has(name));
}

/** Names of the receivers that hear of a team's alerts of a severity, besides {@link recipientsOf} it. */
export function teamRecipientsOf(
  team: string,
  severity: NotifiedSeverity,
  notifications: AlertNotifications,
): readonly string[] {
  if (severity === "info") return [];
  const told = recipientsOf(severity, notifications);
  // Two routes to one receiver would tell it twice.
  return [...new Set(notifications.teams?.[team])].filter((name) => !told.includes(name));
}

/** Names of the stack's secrets that notifications need. */
export function notificationSecrets({ receivers, deadManSwitch }: AlertNotifications): readonly string[] {
  const secrets = receivers.map(({ secret }) => secret);
  return [...new Set(deadManSwitch === undefined ? secrets : [...secrets, deadManSwitch.secret])];
}
