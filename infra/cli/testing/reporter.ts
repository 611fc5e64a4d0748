import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { PROJECT_ROOT } from "../folders.ts";
import type { Tally } from "./tally.ts";

/** Variable that names the file this reporter writes. */
export const REPORT_FILE = "GPU_OBSERVABILITY_TEST_REPORT";

/** One file of tests, as it ran. */
export interface FileReport extends Tally {
  /** Path from the project's root. */
  readonly file: string;
  /** Import, hooks and tests together. */
  readonly seconds: number;
}

/** What the reporter writes. */
export interface RunReport {
  readonly files: readonly FileReport[];
  /** Errors outside any test, such as a rejection that nothing awaited. */
  readonly errors: readonly string[];
}

/**
 * Writes each file's result and time as JSON. Vitest's own JSON reporter leaves out the time of imports and of
 * `beforeAll`, which is most of what a file takes that starts real programs.
 */
// eslint-disable-next-line no-restricted-syntax -- vitest loads a reporter by its default export.
export default class TimingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { readonly message: string }[]): void {
    const path = process.env[REPORT_FILE];
    if (path === undefined) return;
    const report: RunReport = {
      files: modules.map(toFileReport),
      errors: errors.map(({ message }) => firstLine(message)),
    };
    writeFileSync(path, JSON.stringify(report));
  }
}

function toFileReport(module: TestModule): FileReport {
  const file = relative(PROJECT_ROOT, module.moduleId);
  const tests = [...module.children.allTests()];
  const inState = (state: string) => tests.filter((test) => test.result().state === state);
  const failures = inState("failed").map((test) => `${file} > ${test.fullName}: ${firstErrorOf(test)}`);
  // A file that could not be read, or whose `beforeAll` failed, counts as one failure and names itself.
  if (failures.length === 0 && module.state() === "failed")
    failures.push(`${file}: ${firstLine(module.errors()[0]?.message ?? "a hook failed")}`);
  const skipped = tests.filter((test) => ["skipped", "pending"].includes(test.result().state));
  const { collectDuration, prepareDuration, setupDuration, duration } = module.diagnostic();
  return {
    file,
    passed: inState("passed").length,
    failed: failures.length,
    skipped: skipped.length,
    failures,
    skips: skipped.map((test) => `${file} > ${test.fullName}: ${reasonOf(test)}`),
    seconds: (collectDuration + prepareDuration + setupDuration + duration) / 1000,
  };
}

function firstErrorOf(test: TestCase): string {
  return firstLine(test.result().errors?.[0]?.message ?? "");
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === "skipped" ? result.note : undefined) ?? "its file says why, above";
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).split("\n", 1)[0] ?? "";
}
