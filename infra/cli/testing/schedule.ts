import { ensureToolchain } from "../../toolchain/toolchain.ts";
import { runTier, type TierRun } from "./run-tier.ts";
import { toFailure } from "./tally.ts";
import { definitionOf, type Tier } from "./tiers.ts";

/** Tiers that compute and run at the same time. More would only share the same cores. */
const LANES = 2;

/** What the schedule does with a tier; tests replace it. */
export interface Steps {
  /** Obtains programs; a second call waits for the first. */
  readonly obtain: (programs: readonly string[]) => Promise<unknown>;
  readonly run: (tier: Tier, files: readonly string[]) => Promise<TierRun>;
}

const STEPS: Steps = {
  obtain: (programs) => ensureToolchain(programs),
  run: (tier, files) => runTier(tier, files, { labelled: true }),
};

/**
 * Runs tiers beside each other: those that wait at once, the others in two lanes, the longest first. A tier starts when
 * its own programs are there: {@link inOrderOfPrograms} says which are obtained first.
 */
export async function runTiers(
  chosen: ReadonlyMap<Tier, readonly string[]>,
  { obtain, run }: Steps = STEPS,
): Promise<readonly TierRun[]> {
  const tiers = [...chosen.keys()];
  const isReady = new Set<Tier>();
  const ready = obtainInOrder(tiers, obtain, (tier) => isReady.add(tier));
  const runs: TierRun[] = [];
  const runOne = async (tier: Tier): Promise<void> => {
    const failure = await ready.get(tier);
    const done = failure === undefined ? await run(tier, chosen.get(tier) ?? []) : toUnready(tier, failure);
    runs.push(done);
  };
  const left = tiers.filter((tier) => !waits(tier)).toSorted((a, b) => usualSeconds(b) - usualSeconds(a));
  const lane = async (): Promise<void> => {
    for (;;) {
      if (left.length > 0 && !left.some((tier) => isReady.has(tier)))
        await Promise.race(left.map((tier) => ready.get(tier)));
      const at = left.findIndex((tier) => isReady.has(tier));
      const [tier] = left.splice(at, at < 0 ? 0 : 1);
      if (tier !== undefined) await runOne(tier);
      else if (left.length === 0) return;
    }
  };
  await Promise.all([...tiers.filter(waits).map(runOne), ...Array.from({ length: LANES }, lane)]);
  return runs.toSorted((a, b) => tiers.indexOf(a.tier) - tiers.indexOf(b.tier));
}

/** For each tier, when its programs are there, or the reason why they are not. */
function obtainInOrder(
  tiers: readonly Tier[],
  obtain: Steps["obtain"],
  onReady: (tier: Tier) => void,
): ReadonlyMap<Tier, Promise<string | undefined>> {
  const results = new Map<Tier, Promise<string | undefined>>();
  let before: Promise<unknown> = Promise.resolve();
  for (const { tier, programs } of inOrderOfPrograms(tiers)) {
    const obtained = (programs.length === 0 ? Promise.resolve() : before.then(() => obtain(programs))).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    results.set(tier, obtained);
    void obtained.then(() => onReady(tier));
    if (programs.length > 0) before = obtained;
  }
  return results;
}

/** The tier that waits first, since it takes longest; then always the one that needs the fewest programs more. */
function inOrderOfPrograms(tiers: readonly Tier[]) {
  const left = tiers.map((tier) => ({ tier, programs: definitionOf(tier).programs() }));
  const asked = new Set<string>();
  const cost = ({ tier, programs }: (typeof left)[number]) =>
    waits(tier) ? -1 : programs.filter((name) => !asked.has(name)).length;
  const order: typeof left = [];
  while (left.length > 0) {
    left.sort((a, b) => cost(a) - cost(b));
    order.push(...left.splice(0, 1));
    for (const name of order.at(-1)?.programs ?? []) asked.add(name);
  }
  return order;
}

function waits(tier: Tier): boolean {
  return definitionOf(tier).waits === true;
}

function usualSeconds(tier: Tier): number {
  return definitionOf(tier).usualSeconds;
}

function toUnready(tier: Tier, reason: string): TierRun {
  console.error(`[${tier}] ${reason}`);
  return { tier, seconds: 0, files: [], tally: toFailure(`${tier}: its programs are missing: ${reason}`) };
}
