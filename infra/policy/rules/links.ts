import { type PolicyRule, STRICT, type Platform, type Tree, type Violation } from "../model.ts";
import { argument } from "../read/file.ts";
import { textAt, treesAt } from "../read/known.ts";
import { whereOf } from "../read/kubernetes-object.ts";
import { parseTree } from "../read/parse-tree.ts";

const GRAFANA = "say where people reach Grafana: kubernetes.ingress, or grafana.external";

/** What fixes a link, by the annotation that holds it. */
const FIXES = {
  runbook_url: "say where the pages of infra/runbooks/alerts are published: alerts.runbooks",
  dashboard_url: GRAFANA,
  logs_url: GRAFANA,
} as const;
type LinkName = keyof typeof FIXES;

/** A notification at night is read on a phone: its links must open there. */
export const linksAbsolute: PolicyRule = {
  name: "links-absolute",
  description: "Links of notifications are absolute and lead out of the cluster: runbook, dashboard, logs, all alerts.",
  fix: "say where people reach Grafana and the runbooks: kubernetes.ingress, alerts.runbooks",
  only: STRICT,
  check: (platform) => [...checkRules(platform), ...checkAlertmanagers(platform)],
};

/** Alerts of one place, a Prometheus or an object that one reads. */
interface RuleSource {
  readonly where: string;
  readonly urn: string;
  readonly alerts: readonly Tree[];
}

function checkRules(platform: Platform): readonly Violation[] {
  const hasGrafana = platform.units.some(({ program }) => program === "grafana");
  const isNeeded = { runbook_url: true, dashboard_url: hasGrafana, logs_url: false };
  return sourcesOf(platform).flatMap(({ where, urn, alerts }) =>
    (Object.keys(FIXES) as LinkName[]).flatMap((name) => {
      const faulty = alerts.flatMap((alert) => {
        const fault = faultOf(textAt(alert, "annotations", name), isNeeded[name]);
        return fault === undefined ? [] : [{ alert: textAt(alert, "alert"), fault }];
      });
      const [first] = faulty;
      if (first === undefined) return [];
      const what = `${name} of ${first.alert}${faulty.length === 1 ? "" : ` and ${faulty.length - 1} more`} ${first.fault}`;
      return [{ where, urn, what, fix: FIXES[name] }];
    }),
  );
}

function sourcesOf({ units, objects }: Platform): readonly RuleSource[] {
  const servers = units.filter(({ program }) => program === "prometheus");
  return [
    ...servers.map(({ where, urn, files }) => {
      const texts = Object.entries(files).flatMap(([path, text]) => (/rules\/[^/]+\.yml$/.test(path) ? [text] : []));
      return { where, urn, alerts: texts.flatMap((text) => alertsOf(parseTree(text))) };
    }),
    ...objects
      .filter(({ kind }) => kind === "PrometheusRule")
      .map((object) => ({ where: whereOf(object), urn: object.urn, alerts: alertsOf(object.body["spec"]) })),
  ];
}

function alertsOf(tree: unknown): readonly Tree[] {
  return treesAt(tree, "groups")
    .flatMap((group) => treesAt(group, "rules"))
    .filter((rule) => textAt(rule, "alert") !== "");
}

function checkAlertmanagers({ units }: Platform): readonly Violation[] {
  return units
    .filter(({ program }) => program === "alertmanager")
    .flatMap((unit) => {
      const fault = faultOf(argument(unit, "web.external-url") ?? "", true);
      if (fault === undefined) return [];
      const fix = "say where people see all alerts: kubernetes.ingress, grafana.external or alertmanager.publicUrl";
      return [{ where: unit.where, urn: unit.urn, what: `--web.external-url ${fault}`, fix }];
    });
}

/** A link is a template: what it fills in comes after its host. */
function faultOf(link: string, isNeeded: boolean): string | undefined {
  if (link === "") return isNeeded ? "is missing" : undefined;
  const start = link.split("{{")[0] ?? "";
  if (!/^https?:/.test(start) || !URL.canParse(start)) return `is relative: ${start}`;
  const { hostname } = new URL(start);
  if (/\.svc(\.|$)/.test(hostname)) return `leads to ${hostname}, which the cluster alone knows`;
  return /^(localhost|127\..*|\[::1\]|0\.0\.0\.0)$/.test(hostname)
    ? `leads to ${hostname}, which is every reader's own machine`
    : undefined;
}
