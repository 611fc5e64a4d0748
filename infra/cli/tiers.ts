import { spawn } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { PROJECT_ROOT } from "./folders.ts";

/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Each failed test: its file, its name and the first line of what it saw. */
  readonly failures?: readonly string[];
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
  return tallies.reduce<Tally>(
    (total, { passed, failed, skipped, failures = [] }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
      failures: [...(total.failures ?? []), ...failures],
    }),
    { passed: 0, failed: 0, skipped: 0, failures: [] },
  );
}

interface Report {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function readTally(report: string, code: number): Tally {
  try {
    const read = JSON.parse(readFileSync(report, "utf8")) as Report;
    const failures = failuresOf(read);
    if (failures.length === 0 && code !== 0) failures.push(`vitest ended with ${code} after every test had passed`);
    return { passed: read.numPassedTests, failed: failures.length, skipped: read.numPendingTests, failures };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [`vitest left no report and ended with ${code}`] };
  }
}

function failuresOf({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(PROJECT_ROOT, name);
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file that could not be read, or whose `beforeAll` failed, counts as one failure and names itself.
    if (failed.length === 0) return status === "failed" ? [`${file}: ${firstLine(message) || "a hook failed"}`] : [];
    return failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0] ?? "")}`);
  });
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).split("\n", 1)[0] ?? "";
}
