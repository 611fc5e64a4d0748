import { z } from "zod";
import { DEFAULT_INTERVALS, type Intervals } from "../../components/alertmanager/settings.ts";
import { memoryMiB, name, prometheusDuration, secretName } from "./values.ts";

const alertReceiver = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("webhook"), name, secret: secretName }),
  z.strictObject({ kind: z.literal("slack"), name, channel: z.string().min(1), secret: secretName }),
  z.strictObject({ kind: z.literal("pagerduty"), name, secret: secretName }),
  z.strictObject({ kind: z.literal("teams"), name, secret: secretName }),
  z.strictObject({
    kind: z.literal("email"),
    name,
    to: z.array(z.email()).min(1),
    from: z.email(),
    smarthost: z
      .string()
      .regex(/^[^\s:]+:\d{1,5}$/, "a host and a port such as smtp.example.org:587")
      .meta({ description: "Mail server. 465 is TLS from the start, every other port must offer STARTTLS." }),
    user: z.string().min(1).meta({ description: "Account at the mail server; the secret is its password." }),
    secret: secretName,
  }),
]);

const intervals = ({ groupWait, groupInterval, repeatInterval }: Intervals) =>
  z
    .strictObject({
      groupWait: prometheusDuration.default(groupWait).meta({ description: "Wait of a new group for more alerts." }),
      groupInterval: prometheusDuration.default(groupInterval).meta({ description: "Time between news of a group." }),
      repeatInterval: prometheusDuration.default(repeatInterval).meta({ description: "Time until it is told again." }),
    })
    .prefault({});
const receiverNames = z.array(z.string());

/** Who is told of alerts, and how often. */
export const alertmanager = z.strictObject({
  replicas: z.number().int().min(1).max(3).default(2),
  memoryMiB: memoryMiB.default(256),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        "Page on which people see every alert; messages link to it. Default: Alertmanager's own page on the machine that runs it, a dashboard of Grafana on Kubernetes.",
    }),
  receivers: z.array(alertReceiver).default([]).meta({
    description: "Where alerts go. `secret` names the stack's secret that holds the URL, key or password.",
  }),
  severities: z
    .strictObject({
      critical: receiverNames.optional().meta({ description: "Default: every receiver that no team names." }),
      warning: receiverNames.optional().meta({
        description:
          "Default: every receiver that no team names. `[]`: nobody, they show on Alertmanager's page; not in staging and production.",
      }),
      info: receiverNames.optional().meta({ description: "Default: nobody; they show on Alertmanager's page." }),
    })
    .prefault({})
    .meta({ description: "Names of the receivers told of each severity." }),
  teams: z.record(z.string().min(1), receiverNames).default({}).meta({
    description: "Names of the receivers also told of critical and warning alerts with this label `team`.",
  }),
  intervals: z
    .strictObject({
      critical: intervals(DEFAULT_INTERVALS.critical),
      warning: intervals(DEFAULT_INTERVALS.warning),
      info: intervals(DEFAULT_INTERVALS.info),
    })
    .prefault({}),
  deadManSwitch: z
    .strictObject({
      secret: secretName,
      every: prometheusDuration.default("5m").meta({ description: "How often it is told, to 15 s." }),
    })
    .optional()
    .meta({ description: "A webhook that raises the alarm when it no longer hears that alerting works." }),
});
