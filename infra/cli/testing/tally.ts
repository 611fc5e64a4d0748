/** What a run of tests came to. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Each failed test: its file, its name and the first line of its error. */
  readonly failures: readonly string[];
  /** Each skipped test: its file, its name and the reason it gave. */
  readonly skips: readonly string[];
}

/** What a tier came to that could not run at all. */
export function toFailure(reason: string): Tally {
  return { passed: 0, failed: 1, skipped: 0, failures: [reason], skips: [] };
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: total(tallies.map(({ passed }) => passed)),
    failed: total(tallies.map(({ failed }) => failed)),
    skipped: total(tallies.map(({ skipped }) => skipped)),
    failures: tallies.flatMap(({ failures }) => failures),
    skips: tallies.flatMap(({ skips }) => skips),
  };
}

/** `12 passed, 0 failed, 1 skipped`; without the last part where nothing was skipped. */
export function toText({ passed, failed, skipped }: Pick<Tally, "passed" | "failed" | "skipped">): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}
