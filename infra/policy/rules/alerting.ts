import { type PolicyRule, STRICT, type Tree, type Unit, type Violation } from "../model.ts";
import { fileOf } from "../read/file.ts";
import { textAt, textsAt, treeAt, treesAt } from "../read/known.ts";

/** Somebody is told. */
export const alertsReachSomebody: PolicyRule = {
  name: "alerts-reach-somebody",
  description: "Critical alerts reach a receiver outside the platform, and Prometheus knows its Alertmanagers.",
  fix: "add one to alertmanager.receivers: { kind: webhook, name: on-call, secret: alertWebhookUrl }",
  only: STRICT,
  check: ({ units }) => units.flatMap((unit) => [...checkAlertmanager(unit), ...checkPrometheus(unit)]),
};

function checkAlertmanager(unit: Unit): readonly Violation[] {
  if (unit.program !== "alertmanager") return [];
  const file = fileOf(unit, "alertmanager.yml");
  const telling = treesAt(file, "receivers")
    .filter((receiver) => Object.keys(receiver).some((key) => key.endsWith("_configs")))
    .map((receiver) => textAt(receiver, "name"));
  const told = receiversOf(treeAt(file, "route"), "critical");
  if (told.some((name) => telling.includes(name))) return [];
  return [{ where: unit.where, urn: unit.urn, what: "a critical alert is told to nobody" }];
}

/** Receivers of an alert of a severity: the first route that takes it, and those after one that continues. */
function receiversOf(route: Tree, severity: string): readonly string[] {
  const told: string[] = [];
  for (const child of treesAt(route, "routes")) {
    if (!takes(child, severity)) continue;
    told.push(...receiversOf(child, severity));
    if (child["continue"] !== true) break;
  }
  return told.length > 0 ? told : [textAt(route, "receiver")];
}

/** Matchers of anything but the severity are taken as not met: an alert like any other is followed. */
function takes(route: Tree, severity: string): boolean {
  return textsAt(route, "matchers").every((matcher) => {
    const [, label, operator, value = ""] = /^\s*"?(\w+)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$/.exec(matcher) ?? [];
    if (label !== "severity") return false;
    const equal = operator?.endsWith("~") === true ? new RegExp(`^(?:${value})$`).test(severity) : value === severity;
    return operator?.startsWith("!") === true ? !equal : equal;
  });
}

function checkPrometheus(unit: Unit): readonly Violation[] {
  if (unit.program !== "prometheus") return [];
  const alertmanagers = treesAt(fileOf(unit, "prometheus.yml"), "alerting", "alertmanagers");
  if (alertmanagers.length > 0) return [];
  return [{ where: unit.where, urn: unit.urn, what: "sends its alerts to no Alertmanager" }];
}
