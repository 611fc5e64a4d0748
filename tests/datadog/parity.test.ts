import { afterAll, describe, expect, it } from "vitest";
import type { DatadogCondition } from "../../components/alerts/alert.ts";
import { type PlannedAlert, planAlerts } from "../../components/alerts/render.ts";
import { conditionsOf } from "../../components/datadog/monitors.ts";
import { ALL_CASES } from "../rules/cases.ts";
import { settingsWith } from "../rules/environment.ts";
import { SPACINGS } from "../rules/promtool-files.ts";
import type { RuleCase } from "../rules/rule-case.ts";
import { compareForms, isBeyond } from "./compare.ts";

const ALERTS = planAlerts(settingsWith());
const FORMS = ALERTS.filter((alert) => conditionsOf(alert).length > 0);
const MONITORS = FORMS.flatMap(conditionsOf);
const EXEMPT = ALERTS.flatMap(({ name, datadog }) => ("exempt" in datadog ? [{ name, reason: datadog.exempt }] : []));
const PARTIAL = FORMS.flatMap((alert) => conditionsOf(alert).map(({ lacks }) => ({ name: alert.name, lacks }))).filter(
  ({ lacks }) => lacks !== undefined,
);

/** The Datadog forms with the thresholds of a case. */
function conditionsFor({ name, area }: PlannedAlert, { thresholds = {} }: RuleCase): readonly DatadogCondition[] {
  return planAlerts(settingsWith({ [area]: thresholds }))
    .filter((alert) => alert.name === name)
    .flatMap(conditionsOf);
}

const both = ALL_CASES.flatMap((one) =>
  FORMS.filter(({ name }) => name === one.alert).map((alert) => ({ alert, one })),
);
const played = both.filter(({ alert, one }) => !isBeyond(alert, conditionsFor(alert, one), one));

describe("the Datadog form of an alert and its Prometheus rule", () => {
  it.each(played.map(({ alert, one }) => [`${one.alert}: ${one.title}`, alert, one] as const))(
    "agree on %s",
    (_, alert, one) => {
      for (const spacing of SPACINGS) {
        const { prometheus, datadog } = compareForms(conditionsFor(alert, one), one, spacing);
        expect(datadog, `${spacing} s apart`).toEqual(prometheus);
      }
    },
  );

  it("are compared in a case that fires and in one that does not, for each alert that has both forms", () => {
    const lacking = FORMS.filter(({ name }) => {
      const own = played.filter(({ alert }) => alert.name === name).map(({ one }) => one.fires.length > 0);
      return !(own.includes(true) && own.includes(false));
    });
    expect(lacking.map(({ name }) => name)).toEqual([]);
  });

  it("disagree as soon as the threshold is another: the comparison can fail", () => {
    const unmoved = FORMS.filter(({ name }) => {
      const own = played.filter(({ alert }) => alert.name === name);
      return !own.some(({ alert, one }) => [1e9, -1e9].some((critical) => disagrees(alert, one, critical)));
    });
    expect(unmoved.map(({ name }) => name)).toEqual([]);
  });

  it("are exempt only with a reason", () => {
    for (const { name, reason } of EXEMPT) {
      expect(reason.length, name).toBeGreaterThan(20);
      expect(reason, name).not.toMatch(/pending/i);
    }
  });
});

function disagrees(alert: PlannedAlert, one: RuleCase, critical: number): boolean {
  const conditions = conditionsFor(alert, one).map((condition) => ({ ...condition, critical }));
  const { prometheus, datadog } = compareForms(conditions, one, 60);
  return JSON.stringify(prometheus) !== JSON.stringify(datadog);
}

afterAll(() => {
  const counts = [
    `${MONITORS.length} monitors of ${FORMS.length} alerts`,
    `${played.length * SPACINGS.length} parity cases`,
    `${both.length - played.length} cases beyond a form`,
    `${EXEMPT.length} exempt`,
  ];
  const lines = [
    ...PARTIAL.map(({ name, lacks }) => `  ${name} lacks ${lacks}`),
    ...EXEMPT.map(({ name, reason }) => `  exempt ${name}: ${reason}`),
  ];
  console.log([`datadog: ${counts.join(", ")}`, ...lines].join("\n"));
});
