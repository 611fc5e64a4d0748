import { DEAD_MAN_SWITCH, recipientsOf, teamRecipientsOf } from "../../components/alertmanager/recipients.ts";
import type { Environment } from "../environment/schema.ts";
import type { ReceiverSummary } from "./model.ts";

const SEVERITIES = ["critical", "warning", "info"] as const;

/** Who is told of alerts, by name. Addresses, accounts and secrets stay out. */
export function planReceivers({ alertmanager, datadog }: Environment): Readonly<Record<string, ReceiverSummary>> {
  const { receivers, teams, deadManSwitch } = alertmanager;
  const toldOf = (name: string) => [
    ...SEVERITIES.filter((severity) => recipientsOf(severity, alertmanager).includes(name)),
    ...Object.keys(teams).flatMap((team) =>
      SEVERITIES.filter((severity) => teamRecipientsOf(team, severity, alertmanager).includes(name)).map(
        (severity) => `${severity} of team ${team}`,
      ),
    ),
  ];
  return Object.fromEntries([
    ...receivers.map(({ name, kind }) => [name, { kind, toldOf: toldOf(name) }] as const),
    ...(deadManSwitch === undefined
      ? []
      : [[DEAD_MAN_SWITCH, { kind: "webhook", toldOf: [`Watchdog every ${deadManSwitch.every}`] }] as const]),
    ...(datadog.enabled
      ? datadog.notify.map((handle) => [handle, { kind: "datadog", toldOf: ["every monitor"] }] as const)
      : []),
  ]);
}
