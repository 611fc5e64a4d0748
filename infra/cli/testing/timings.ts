import { writeFileSync } from "node:fs";
import type { TierRun } from "./run-tier.ts";

const SLOWEST = 10;

/** The table that every test command ends with: the tiers, then the slowest files. */
export function toTimingTable(runs: readonly TierRun[], seconds: number): string {
  const tiers = runs.map(({ tier, files, tally, seconds: own }) => [
    tier,
    String(files.length),
    String(tally.passed + tally.failed),
    own.toFixed(1),
  ]);
  const total = (column: number) => String(tiers.reduce((sum, row) => sum + Number(row[column]), 0));
  const slowest = filesOf(runs)
    .toSorted((left, right) => right.seconds - left.seconds)
    .slice(0, SLOWEST)
    .map(({ file, tests, seconds: own }) => [file, String(tests), own.toFixed(1)]);
  return [
    toTable(["tier", "files", "tests", "wall s"], [...tiers, ["all", total(1), total(2), seconds.toFixed(1)]]),
    "",
    toTable(["slowest files", "tests", "wall s"], slowest),
  ].join("\n");
}

/** The same as JSON, with every file. */
export function writeTimings(path: string, runs: readonly TierRun[], seconds: number): void {
  const tiers = runs.map(({ tier, files, tally, seconds: own }) => ({
    tier,
    files: files.length,
    passed: tally.passed,
    failed: tally.failed,
    skipped: tally.skipped,
    seconds: own,
  }));
  writeFileSync(path, `${JSON.stringify({ seconds, tiers, files: filesOf(runs) }, null, 2)}\n`);
}

function filesOf(runs: readonly TierRun[]) {
  return runs.flatMap(({ tier, files }) =>
    files.map(({ file, passed, failed, skipped, seconds }) => ({
      file,
      tier,
      tests: passed + failed,
      skipped,
      seconds: Number(seconds.toFixed(2)),
    })),
  );
}

/** The first column to the left, numbers to the right. */
function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const toLine = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  return [head, ...rows].map(toLine).join("\n");
}
