import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { renderAllowList, renderRemediationTable, renderRuleTable } from "../../infra/policy/table.ts";

const README = readFileSync(join(PROJECT_ROOT, "infra", "policy", "README.md"), "utf8");

/** Cells without the padding of a formatter. */
function cells(markdown: string): readonly (readonly string[])[] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^[|\s-]+$/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));
}

describe("the pack's README", () => {
  it.each([
    ["rule", renderRuleTable()],
    ["remediation", renderRemediationTable()],
    ["listener on the allow-list", renderAllowList()],
  ])("has every %s as it is", (_, table) => {
    const rows = cells(table);
    expect(rows.length).toBeGreaterThan(1);
    expect(cells(README)).toEqual(expect.arrayContaining([...rows]));
  });

  it("has no row of something that is gone", () => {
    const known = [renderRuleTable(), renderRemediationTable(), renderAllowList()].flatMap(cells);
    expect(cells(README)).toHaveLength(known.length);
  });
});
