import type { TierRun } from "./run-tier.ts";
import { sum, type Tally, toText } from "./tally.ts";
import { toTimingTable, writeTimings } from "./timings.ts";

export interface Closing {
  /** From the start of the command. */
  readonly seconds: number;
  /** Where the times go, as JSON. @default nowhere */
  readonly timings?: string | undefined;
  /** What failed beside the tiers. @default nothing */
  readonly beside?: readonly Tally[];
}

/**
 * Says what failed, what was skipped, where the time went; the last line is `N passed, N failed`.
 *
 * @returns the exit code
 */
export function close(runs: readonly TierRun[], { seconds, timings, beside = [] }: Closing): number {
  const total = sum([...runs.map(({ tally }) => tally), ...beside]);
  for (const failure of total.failures) console.log(`FAILED ${failure}`);
  for (const skip of total.skips) console.log(`SKIPPED ${skip}`);
  console.log(`\n${toTimingTable(runs, seconds)}\n`);
  if (timings !== undefined) writeTimings(timings, runs, seconds);
  if (total.skipped > 0) console.log(`${total.skipped} skipped, each with its reason above`);
  console.log(toText({ ...total, skipped: 0 }));
  return total.failed === 0 ? 0 : 1;
}
