import { describe, expect, it } from "vitest";
import type { TierRun } from "../../../infra/cli/testing/run-tier.ts";
import { runTiers, type Steps } from "../../../infra/cli/testing/schedule.ts";
import { definitionOf, type Tier, TIER_NAMES } from "../../../infra/cli/testing/tiers.ts";

const passed = (tier: Tier): TierRun => ({
  tier,
  seconds: 1,
  files: [],
  tally: { passed: 1, failed: 0, skipped: 0, failures: [], skips: [] },
});

/** Every tier takes one turn of the event loop for each hundred of its usual seconds. */
async function run(tier: Tier): Promise<TierRun> {
  for (let turns = definitionOf(tier).usualSeconds / 100; turns > 0; turns -= 1)
    await new Promise((resolve) => setImmediate(resolve));
  return passed(tier);
}

const everything = new Map(TIER_NAMES.map((tier) => [tier, [`${tier}.test.ts`]] as const));

function record(obtain: Steps["obtain"] = () => Promise.resolve()) {
  const events: string[] = [];
  const running = new Set<Tier>();
  let most = 0;
  const steps: Steps = {
    obtain: async (programs) => {
      await obtain(programs);
      events.push(`obtained ${programs.join(" ")}`);
    },
    run: async (tier) => {
      running.add(tier);
      most = Math.max(most, [...running].filter((one) => definitionOf(one).waits !== true).length);
      events.push(`began ${tier}`);
      const done = await run(tier);
      running.delete(tier);
      return done;
    },
  };
  return { events, steps, most: () => most };
}

describe("the schedule of tiers", () => {
  it("runs each tier once, and gives them in the order of the table", async () => {
    const { steps } = record();
    expect((await runTiers(everything, steps)).map(({ tier }) => tier)).toEqual(TIER_NAMES);
  });

  it("runs two tiers that compute at a time, and those that wait beside them", async () => {
    const { steps, most, events } = record();
    await runTiers(everything, steps);
    expect(most()).toBe(2);
    expect(events.indexOf("began live")).toBeLessThan(events.indexOf("began rules"));
  });

  it("runs tests that need no program while programs are obtained", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { steps, events } = record(() => gate);
    const runs = runTiers(everything, steps);
    for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(events).toEqual(["began unit"]);
    open();
    await runs;
  });

  it("starts a tier when its own programs are there, not when all are", async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { steps, events } = record((programs) => (programs.includes("etcd") ? gate : Promise.resolve()));
    const runs = runTiers(everything, steps);
    for (let turns = 0; turns < 200; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    const begun = TIER_NAMES.filter((tier) => events.includes(`began ${tier}`));
    expect(begun).toEqual(TIER_NAMES.filter((tier) => tier !== "kubernetes"));
    open();
    await runs;
  });

  it("obtains the programs of the tier that waits longest first", async () => {
    const { steps, events } = record();
    await runTiers(everything, steps);
    const first = events.find((event) => event.startsWith("obtained"));
    expect(first).toBe(`obtained ${definitionOf("live").programs().join(" ")}`);
  });

  it("counts a tier whose programs are missing as failed, names them, and runs the others", async () => {
    const { steps } = record((programs) =>
      programs.includes("etcd") ? Promise.reject(new Error("etcd does not build")) : Promise.resolve(),
    );
    const runs = await runTiers(everything, steps);
    const red = runs.filter(({ tally }) => tally.failed > 0);
    expect(red.map(({ tally }) => tally.failures)).toEqual([
      ["kubernetes: its programs are missing: etcd does not build"],
    ]);
    expect(runs).toHaveLength(TIER_NAMES.length);
  });
});
