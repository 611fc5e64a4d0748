import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderRuleFiles } from "../../components/alerts/render.ts";
import { ALL_SIGNALS } from "../../components/signals/catalogue.ts";
import { ALL_CASES } from "./cases.ts";
import { findDefinitionProblems } from "./definitions.ts";
import { ALERTS, RECORDINGS, settingsWith } from "./environment.ts";
import { findExpressionProblems, knownSeries } from "./expression.ts";
import { checkRules, testRules } from "./promtool.ts";
import { groupCases, renderPromtoolFiles, SPACINGS, toCaseName } from "./promtool-files.ts";

describe("the alert pack", () => {
  it("has one name, a firing case and a quiet case for each alert, and knobs an environment knows", () => {
    expect(findDefinitionProblems(ALERTS, ALL_CASES)).toEqual([]);
  });

  it("reads only series and labels of the catalogue, over windows of four samples at least (C-31)", () => {
    const known = knownSeries([...ALL_SIGNALS, ...RECORDINGS]);
    const problems = [...ALERTS, ...RECORDINGS].flatMap(({ name, query }) =>
      findExpressionProblems(query.text, known).map((problem) => `${name}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it("is taken by promtool check rules", () => {
    expect(checkRules(renderRuleFiles(settingsWith()))).toBe("");
  });
});

describe("promtool test rules", () => {
  let results: ReadonlyMap<string, string> = new Map();

  beforeAll(() => {
    results = testRules(
      groupCases(ALL_CASES).flatMap((cases) => {
        const alert = ALERTS.find(({ name }) => name === cases[0]?.alert);
        return alert === undefined ? [] : [renderPromtoolFiles(alert, cases)];
      }),
    );
  }, 300_000);

  afterAll(() => {
    const assertions = ALL_CASES.length * SPACINGS.length;
    console.log(`rules: ${ALERTS.length} alerts, ${ALL_CASES.length} cases, ${assertions} assertions`);
  });

  for (const one of ALL_CASES) {
    it(`${one.alert}: ${one.title}`, () => {
      for (const spacing of SPACINGS) expect(results.get(toCaseName(one, spacing)), `${spacing} s apart`).toBe("");
    });
  }
});
