import { DEFAULT_INTERVALS, type NotifiedSeverity } from "../../../components/alertmanager/settings.ts";
import { PEER_NAME } from "../../../components/alertmanager/render.ts";
import { toEndpoint } from "../../../components/core/endpoint.ts";
import { ConfigError } from "../../../components/core/errors.ts";
import { toSeconds } from "../../../components/core/units.ts";
import type { Environment } from "../../environment/schema.ts";
import { planTopology } from "../../topology/plan.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { operatorConnection } from "../operator.ts";
import { toTrialText, tryAlert } from "../test-alert.ts";
import { unavailablePrograms } from "../unavailable.ts";
import { reach, whyUnreachable } from "../verify/plan.ts";

const SEVERITIES = Object.keys(DEFAULT_INTERVALS) as readonly NotifiedSeverity[];
/** Beyond the wait of a new group: the way to a mail server, and to a second replica when the first fails. */
const SPARE_SECONDS = 30;

const FLAGS = ["--severity", "--team", "--at"];

export const command: Command = {
  usage: "npm run alert -- <stack> [--severity critical|warning|info] [--team <name>] [--at <host:port>]",
  summary:
    "Sends a test alert through Alertmanager, as Prometheus would; it ends by itself after five minutes. Says which\n" +
    "receivers it is routed to, and whether each took it. Exit code 0: all took it; 1: one did not, or nobody is told.\n" +
    "--at names the Alertmanager to send to, such as the near end of a port-forward into a cluster.",
  run: async (args) => {
    const { words, values } = takeValues(args, FLAGS);
    const environment = parseEnvironment(words, FLAGS);
    const severity = parseSeverity(values["--severity"] ?? "critical");
    const replicas = planReplicas(environment, values["--at"]);
    const dispatcher = operatorConnection(environment, PEER_NAME);
    const { alertmanager, name } = environment;
    const groupWait = toSeconds(alertmanager.intervals[severity].groupWait);
    const trial = {
      environment: name,
      severity,
      team: values["--team"],
      replicas,
      dispatcher,
      receivers: alertmanager.receivers,
      timeoutSeconds: groupWait + SPARE_SECONDS,
    };
    try {
      const report = await tryAlert(trial);
      console.log(toTrialText(trial, report));
      return report.told.length > 0 && report.told.every(({ outcome }) => outcome === "taken") ? 0 : 1;
    } finally {
      await dispatcher.close();
    }
  },
};

/** Takes `--flag value` of each flag out of the arguments. */
function takeValues(args: readonly string[], flags: readonly string[]) {
  const values: Record<string, string> = {};
  const words = args.filter((arg, index) => {
    if (flags.includes(arg)) values[arg] = args[index + 1] ?? "";
    return !flags.includes(arg) && !flags.includes(args[index - 1] ?? "");
  });
  return { words, values };
}

function parseSeverity(text: string): NotifiedSeverity {
  const severity = SEVERITIES.find((one) => one === text);
  if (severity !== undefined) return severity;
  throw new ConfigError([
    { path: "--severity", expected: `one of ${SEVERITIES.join(", ")}`, got: `"${text}"`, fix: "--severity critical" },
  ]);
}

/** Endpoints of the Alertmanagers by name. */
function planReplicas(environment: Environment, at: string | undefined): Readonly<Record<string, string>> {
  const { name } = environment;
  if (at !== undefined) return { [at]: `https://${at}` };
  const { alertmanager } = planTopology(environment, unavailablePrograms());
  const unreachable = whyUnreachable(environment);
  if (alertmanager.length > 0 && unreachable === undefined) {
    return Object.fromEntries(
      alertmanager.map((replica) => [replica.name, toEndpoint("https", reach(replica, replica.ports.http))]),
    );
  }
  const isOwn = alertmanager.length > 0;
  throw new ConfigError([
    {
      path: `alert ${name}`,
      expected: isOwn ? "Alertmanagers that this machine reaches" : "Alertmanagers of its own",
      got: isOwn ? (unreachable ?? "") : `none: prometheus.external names who tells people of ${name}`,
      fix: isOwn
        ? `kubectl -n gpu-observability port-forward statefulset/alertmanager 9093, then npm run alert -- ${name} --at 127.0.0.1:9093`
        : "send the test alert there",
    },
  ]);
}
