import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_ROOT } from "./folders.ts";

/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The tiers of tests, from cheap to dear; README of `tests/` says what each needs. */
export const TIERS = {
  unit: ["tests/unit", "tests/components"],
  rules: ["tests/rules", "tests/datadog"],
  config: ["tests/config"],
  integration: ["tests/integration"],
  engine: ["tests/engine"],
  policy: ["tests/policy"],
  kubernetes: ["tests/kubernetes"],
  hosts: ["tests/hosts"],
  live: ["tests/live"],
} as const;

export type Tier = keyof typeof TIERS;

/** Whether a tier has a test file yet. */
export function hasTests(tier: Tier): boolean {
  return TIERS[tier].some((folder) => globSync(`${folder}/**/*.test.ts`, { cwd: PROJECT_ROOT }).length > 0);
}

/** Runs one tier; a run that could not even start counts as one failure. */
export async function runTier(tier: Tier, filters: readonly string[] = []): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-tests-"));
  const report = join(folder, "report.json");
  const dirs = filters.length > 0 ? filters : TIERS[tier];
  const args = ["run", ...dirs, "--reporter=verbose", "--reporter=json", `--outputFile.json=${report}`];
  // Integration tests share one machine's memory and ports: one file at a time.
  if (tier !== "unit" && tier !== "rules") args.push("--no-file-parallelism");
  const code = await new Promise<number>((resolve) => {
    const child = spawn("vitest", args, { cwd: PROJECT_ROOT, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(1));
    child.on("close", (status) => resolve(status ?? 1));
  });
  const tally = readTally(report, code);
  rmSync(folder, { recursive: true, force: true });
  console.log(`${tier}: ${toText(tally)}\n`);
  return tally;
}

/** The closing line every test command ends with. */
export function toText({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

function readTally(report: string, code: number): Tally {
  try {
    const read = JSON.parse(readFileSync(report, "utf8")) as Report;
    const failed = read.numFailedTests + (read.numFailedTests === 0 && code !== 0 ? 1 : 0);
    return { passed: read.numPassedTests, failed, skipped: read.numPendingTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
