import { type PlannedAlert, renderRuleFiles } from "../../components/alerts/render.ts";
import { toSeconds } from "../../components/core/units.ts";
import { settingsWith } from "./environment.ts";
import { seriesOf } from "./expression.ts";
import type { RuleCase, Shape } from "./rule-case.ts";

/** How far apart samples are: the local environment's spacing, and the longest the documents ask for (C-31). */
export const SPACINGS = [15, 60] as const;

type Rule = { readonly record?: string; readonly alert?: string; readonly expr: string; readonly annotations?: object };

/** Rule and test file of some cases of one alert with the same thresholds, as promtool reads them. */
export interface PromtoolFiles {
  readonly rules: object;
  readonly test: object;
}

export function toCaseName({ alert, title }: RuleCase, spacing: number): string {
  return `${alert}: ${title} (a sample every ${spacing} s)`;
}

/** Cases that can share a rule file: one alert, one set of thresholds. */
export function groupCases(cases: readonly RuleCase[]): readonly (readonly RuleCase[])[] {
  return [...Map.groupBy(cases, ({ alert, thresholds = {} }) => JSON.stringify([alert, thresholds])).values()];
}

/** Only the rules the alert rests on: what it does not read would cost time and change nothing. */
export function renderPromtoolFiles(alert: PlannedAlert, cases: readonly RuleCase[]): PromtoolFiles {
  const thresholds = cases[0]?.thresholds ?? {};
  const files = renderRuleFiles(settingsWith({ [alert.area]: thresholds }));
  const all = Object.values(files).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules as Rule[]));
  const rule = all.find((one) => one.alert === alert.name);
  if (rule === undefined) throw new Error(`${alert.name} was not rendered`);
  // Promtool compares annotations word by word; what they may name is checked by `definitions.ts`.
  const bare = { ...rule };
  delete bare.annotations;
  const records = recordingsBehind(
    rule.expr,
    all.filter(({ record }) => record !== undefined),
  );
  const groups = records.map((record, index) => ({ name: `record ${index}`, rules: [record] }));
  return {
    rules: { groups: [...groups, { name: "alert", rules: [bare] }] },
    test: {
      evaluation_interval: "15s",
      group_eval_order: [...groups.map(({ name }) => name), "alert"],
      tests: cases.flatMap((one) => SPACINGS.map((spacing) => toTest(one, alert, spacing))),
    },
  };
}

/** Recording rules an expression rests on, those first that others read. */
function recordingsBehind(expression: string, recordings: readonly Rule[]): readonly Rule[] {
  const names = seriesOf(expression);
  const direct = recordings.filter(({ record }) => names.includes(record ?? ""));
  return [...new Set(direct.flatMap((rule) => [...recordingsBehind(rule.expr, recordings), rule]))];
}

function toTest(one: RuleCase, alert: PlannedAlert, spacing: number): object {
  const { severity, area, team } = alert;
  const given = { severity, area, ...(team === undefined ? {} : { team }) };
  return {
    name: toCaseName(one, spacing),
    interval: `${spacing}s`,
    input_series: Object.entries(one.series).map(([series, shape]) => ({
      series,
      values: toValues(shape, toSeconds(one.at), spacing),
    })),
    alert_rule_test: [
      {
        eval_time: one.at,
        alertname: one.alert,
        exp_alerts: one.fires.map((labels) => ({ exp_labels: { ...labels, ...given } })),
      },
    ],
  };
}

/** Samples from the beginning to the moment asked about, as promtool writes them. */
function toValues(shape: Shape, seconds: number, spacing: number): string {
  return Array.from({ length: Math.floor(seconds / spacing) + 1 }, (_, index) => shape(index * spacing) ?? "_").join(
    " ",
  );
}
