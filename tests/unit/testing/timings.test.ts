import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { FileReport } from "../../../infra/cli/testing/reporter.ts";
import type { TierRun } from "../../../infra/cli/testing/run-tier.ts";
import { sum, toFailure, toText } from "../../../infra/cli/testing/tally.ts";
import { toTimingTable, writeTimings } from "../../../infra/cli/testing/timings.ts";

const file = (name: string, seconds: number, passed = 2): FileReport => ({
  file: name,
  passed,
  failed: 0,
  skipped: 0,
  failures: [],
  skips: [],
  seconds,
});
const tier = (name: TierRun["tier"], seconds: number, files: readonly FileReport[]): TierRun => ({
  tier: name,
  seconds,
  files,
  tally: sum(files),
});
const RUNS = [
  tier("unit", 12.34, [file("tests/unit/a.test.ts", 4), file("tests/unit/b.test.ts", 8.25, 10)]),
  tier("live", 1700, [file("tests/live/live.test.ts", 1699)]),
];

describe("the table of times", () => {
  it("names each tier with its files, tests and seconds, then the slowest files", () => {
    expect(toTimingTable(RUNS, 1701).split("\n")).toEqual([
      "tier  files  tests  wall s",
      "unit      2     12    12.3",
      "live      1      2  1700.0",
      "all       3     14  1701.0",
      "",
      "slowest files            tests  wall s",
      "tests/live/live.test.ts      2  1699.0",
      "tests/unit/b.test.ts        10     8.3",
      "tests/unit/a.test.ts         2     4.0",
    ]);
  });

  it("shows ten files at most", () => {
    const many = Array.from({ length: 12 }, (_, index) => file(`tests/unit/${index}.test.ts`, index));
    const lines = toTimingTable([tier("unit", 1, many)], 1).split("\n");
    expect(lines.filter((line) => line.startsWith("tests/"))).toHaveLength(10);
  });

  it("is kept as JSON with every file", () => {
    const folder = mkdtempSync(join(tmpdir(), "timings-"));
    const path = join(folder, "timings.json");
    writeTimings(path, RUNS, 1701);
    const { seconds, tiers, files } = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown[]>;
    rmSync(folder, { recursive: true });
    expect(seconds).toBe(1701);
    expect(tiers?.[0]).toEqual({ tier: "unit", files: 2, passed: 12, failed: 0, skipped: 0, seconds: 12.34 });
    expect(files).toHaveLength(3);
  });
});

describe("a tally", () => {
  it("adds up, failures and skipped tests by name included", () => {
    const total = sum([toFailure("unit: a hook failed"), { ...file("x", 1), skipped: 1, skips: ["x: no root"] }]);
    expect(total).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      failures: ["unit: a hook failed"],
      skips: ["x: no root"],
    });
    expect(toText(total)).toBe("2 passed, 1 failed, 1 skipped");
    expect(toText({ ...total, skipped: 0 })).toBe("2 passed, 1 failed");
  });
});
