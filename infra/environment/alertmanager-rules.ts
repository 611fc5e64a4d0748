import { recipientsOf, RESERVED_NAMES } from "../../components/alertmanager/recipients.ts";
import type { AlertReceiver, NotifiedSeverity } from "../../components/alertmanager/settings.ts";
import type { Problem } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import { toSeconds } from "../../components/core/units.ts";
import type { Environment } from "./schema.ts";
import { asJudged, isStrict } from "./strictness.ts";

type Notifications = Environment["alertmanager"];
type At = (path: string) => string;

/** How many ways to reach people must be left when one of them fails. */
const LEAST_CHANNELS = 2;
/** Alertmanager forgets what it told after this long, and tells it again. */
const LONGEST_REPEAT = "5d";

/** Rules between the receivers of an environment and what names them. */
export function findNotificationProblems(environment: Environment, at: At): readonly Problem[] {
  const { alertmanager } = environment;
  const under = (path: string) => at(`alertmanager.${path}`);
  return [
    ...receiverNames(alertmanager, under),
    ...unknownReceivers(alertmanager, under),
    ...unheardSeverities(environment, under),
    ...missingDeadManSwitch(environment, under),
    ...repeats(alertmanager, under),
  ];
}

function receiverNames({ receivers }: Notifications, at: At): Problem[] {
  return receivers.flatMap(({ name }, index) => {
    const path = at(`receivers[${index}].name`);
    const first = receivers.findIndex((other) => other.name === name);
    if (RESERVED_NAMES.includes(name)) {
      return [{ path, expected: "a name the platform does not use itself", got: `"${name}"`, fix: "rename it" }];
    }
    if (first === index) return [];
    return [
      {
        path,
        expected: "a name no other receiver has",
        got: `"${name}", already the name of receivers[${first}]`,
        fix: "give one of the two another name",
      },
    ];
  });
}

function unknownReceivers({ receivers, severities, teams }: Notifications, at: At): Problem[] {
  const known = receivers.map(({ name }) => name);
  const lists = [
    ...Object.entries(severities).map(([severity, names]) => [`severities.${severity}`, names ?? []] as const),
    ...Object.entries(teams).map(([team, names]) => [`teams.${team}`, names] as const),
  ];
  return lists.flatMap(([path, names]) =>
    names.flatMap((name, index) =>
      known.includes(name)
        ? []
        : [
            {
              path: at(`${path}[${index}]`),
              expected: known.length === 0 ? "the name of a receiver; there is none" : `one of ${known.join(", ")}`,
              got: `"${name}"`,
              fix: `${didYouMean(name, known)}name a receiver, or add one: { kind: webhook, name: ${name}, secret: alertWebhookUrl }`,
            },
          ],
    ),
  );
}

/** An environment without receivers says so itself; one with receivers must not lose a severity by accident. */
function unheardSeverities(environment: Environment, at: At): Problem[] {
  const { alertmanager } = environment;
  const { receivers } = alertmanager;
  if (receivers.length === 0) return [];
  const least = isStrict(environment) ? LEAST_CHANNELS : 1;
  const known = new Set(receivers.map(({ name: one }) => one));
  return (["critical", "warning"] as const).flatMap((severity) => {
    // Where nobody needs a spare way, an empty list is somebody's word: warnings show on Alertmanager's page.
    if (least === 1 && severity === "warning" && alertmanager.severities.warning?.length === 0) return [];
    // A name that nobody has is told by itself.
    if (alertmanager.severities[severity]?.some((one) => !known.has(one)) === true) return [];
    const channels = channelsOf(severity, alertmanager);
    if (channels.length >= least) return [];
    const told = channels.length === 0 ? "none" : channels.join(", ");
    return [
      {
        path: at(`severities.${severity}`),
        expected:
          least === 1
            ? `a receiver that hears of ${severity} alerts`
            : `at least ${least} ways to tell people of ${severity} alerts in ${asJudged(environment)}, so that one may fail`,
        got: told,
        fix:
          least === 1 && severity === "warning"
            ? "name one in alertmanager.severities.warning, or say warning: [] where they need only show on Alertmanager's page"
            : `add a receiver of another kind, or name it in alertmanager.severities.${severity}`,
      },
    ];
  });
}

/** Ways to reach people that do not fail together: two channels of one Slack do. */
function channelsOf(severity: NotifiedSeverity, notifications: Notifications): readonly string[] {
  const told = recipientsOf(severity, notifications);
  const receivers = notifications.receivers.filter(({ name }) => told.includes(name));
  return [...new Set(receivers.map(wayOf))];
}

function wayOf({ kind, secret }: AlertReceiver): string {
  return kind === "webhook" ? `webhook ${secret}` : kind;
}

function missingDeadManSwitch(environment: Environment, at: At): Problem[] {
  const { name, alertmanager } = environment;
  const { receivers, deadManSwitch } = alertmanager;
  if (!isStrict(environment) || receivers.length === 0 || deadManSwitch !== undefined) return [];
  return [
    {
      path: at("deadManSwitch"),
      expected: `a webhook outside ${name} that notices when alerting itself is down`,
      got: "nothing",
      fix: "add deadManSwitch: { secret: deadManSwitchUrl }",
    },
  ];
}

function repeats({ intervals }: Notifications, at: At): Problem[] {
  return (["critical", "warning", "info"] as const).flatMap((severity) => {
    const { groupInterval, repeatInterval } = intervals[severity];
    const [least, most] = [toSeconds(groupInterval), toSeconds(LONGEST_REPEAT)];
    if (toSeconds(repeatInterval) >= least && toSeconds(repeatInterval) <= most) return [];
    return [
      {
        path: at(`intervals.${severity}.repeatInterval`),
        expected: `from groupInterval (${groupInterval}) to ${LONGEST_REPEAT}`,
        got: repeatInterval,
        fix: `set intervals.${severity}.repeatInterval within that`,
      },
    ];
  });
}
