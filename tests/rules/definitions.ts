import { AREAS } from "../../components/alerts/areas.ts";
import type { PlannedAlert } from "../../components/alerts/render.ts";
import { toSeconds } from "../../components/core/units.ts";
import type { RuleCase } from "./rule-case.ts";

/** What is wrong with alerts as they are written, and with the cases that go with them; each by the alert's name. */
export function findDefinitionProblems(alerts: readonly PlannedAlert[], cases: readonly RuleCase[]): readonly string[] {
  const names = alerts.map(({ name }) => name);
  return [
    ...alerts.flatMap((alert) => [
      ...findAlertProblems(alert, names),
      ...findCaseProblems(
        alert,
        cases.filter((one) => one.alert === alert.name),
      ),
    ]),
    ...cases.filter(({ alert }) => !names.includes(alert)).map(({ alert }) => `${alert}: has cases and is no alert`),
  ];
}

function findAlertProblems({ name, knobs = [], for: duration }: PlannedAlert, names: readonly string[]): string[] {
  const problems = [
    ...(/^([A-Z][a-z0-9]*)+$/.test(name) ? [] : ["is not in PascalCase"]),
    ...(names.filter((other) => other === name).length > 1 ? ["is the name of two alerts"] : []),
    ...knobs.filter((knob) => !isKnob(knob)).map((knob) => `names ${knob}, no threshold of any area`),
    ...(duration !== undefined && toSeconds(duration) < 120
      ? [`holds for ${duration}, fewer than two samples 60 s apart`]
      : []),
  ];
  return problems.map((problem) => `${name}: ${problem}`);
}

function isKnob(knob: string): boolean {
  const [root, area, name = "", ...rest] = knob.split(".");
  const thresholds = AREAS.find((one) => one.name === area)?.thresholds ?? {};
  return root === "alerts" && rest.length === 0 && name in thresholds;
}

function findCaseProblems(alert: PlannedAlert, cases: readonly RuleCase[]): string[] {
  const titles = cases.map(({ title }) => title);
  const firing = cases.flatMap(({ fires }) => fires);
  const shown = labelsShown(alert.summary);
  return [
    ...(firing.length > 0 ? [] : ["has no case in which it fires"]),
    // An alert over no series fires always: that is what it is for.
    ...(alert.query.signals.length === 0 || cases.some(({ fires }) => fires.length === 0)
      ? []
      : ["has no case in which it stays quiet"]),
    ...titles.filter((title, index) => titles.indexOf(title) !== index).map((title) => `has two cases "${title}"`),
    ...shown
      .filter((label) => firing.some((labels) => !(label in labels)))
      .map((label) => `shows the label ${label} in its summary, and fires without it`),
  ].map((problem) => `${alert.name}: ${problem}`);
}

/** Labels a template names outside of an `if` or `with`. */
function labelsShown(template: string): readonly string[] {
  const plain = template.replaceAll(/\{\{-?\s*(if|with)\b.*?\{\{-?\s*end\s*-?\}\}/gs, "");
  return [...plain.matchAll(/\$labels\.([A-Za-z_]\w*)/g)].map(([, label = ""]) => label);
}
