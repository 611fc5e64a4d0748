import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planWaves, type WaveHost } from "../../../infra/inventory/plan-waves.ts";

const host = fc.record({
  groups: fc.uniqueArray(fc.constantFrom("a", "b", "canary")),
  state: fc.constantFrom("active", "drained", "quarantined"),
});
const fleet = fc
  .array(host, { maxLength: 60 })
  .map((hosts): readonly WaveHost[] => hosts.map((one, index) => ({ ...one, name: `gpu-${index}` })));
const shares = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 5 })
  .map((some) => [...some.sort((left, right) => left - right), 100]);
const rollout = fc.record({ canaries: fc.subarray(["canary", "gpu-1", "nobody"]), waves: shares });

const isCanary = ({ name, groups, state }: WaveHost, canaries: readonly string[]) =>
  state === "active" && [name, ...groups].some((one) => canaries.includes(one));
const active = (hosts: readonly WaveHost[], canaries: readonly string[]) =>
  hosts.filter((one) => one.state === "active" && !isCanary(one, canaries));
const hosts = (count: number): readonly WaveHost[] =>
  Array.from({ length: count }, (_, index) => ({ name: `gpu-${index + 1}`, groups: [], state: "active" }));

describe("planWaves", () => {
  it("puts every host that may be touched into exactly one wave, and no other", () => {
    fc.assert(
      fc.property(fleet, rollout, (all, how) => {
        const names = planWaves(all, how)
          .flat()
          .map(({ name }) => name);
        expect(names.sort()).toEqual(
          all
            .filter(({ state }) => state !== "quarantined")
            .map(({ name }) => name)
            .sort(),
        );
      }),
    );
  });

  it("puts canaries first, alone, and drained hosts into the last wave", () => {
    fc.assert(
      fc.property(fleet, rollout, (all, how) => {
        const [first = [], ...rest] = planWaves(all, how);
        const canaries = all.filter((one) => isCanary(one, how.canaries));
        if (canaries.length > 0 && first.every(({ state }) => state === "active")) expect(first).toEqual(canaries);
        expect(
          rest
            .slice(0, -1)
            .flat()
            .filter(({ state }) => state === "drained"),
        ).toEqual([]);
      }),
    );
  });

  it("keeps the inventory's order, and gives each wave its share or, where that is none, one host", () => {
    fc.assert(
      fc.property(fleet, rollout, (all, how) => {
        const others = active(all, how.canaries);
        const waves = planWaves(all, how)
          .map((wave) => wave.filter((one) => others.includes(one)))
          .filter((wave) => wave.length > 0);
        expect(planWaves(all, how).every((wave) => wave.length > 0)).toBe(true);
        expect(waves.flat()).toEqual(others);
        let before = 0;
        waves.forEach((wave, index) => {
          const share = Math.ceil((others.length * (how.waves[index] ?? 100)) / 100);
          expect(before + wave.length).toBe(Math.max(share, before + 1));
          before += wave.length;
        });
      }),
    );
  });

  it("cuts a thousand hosts as the percentages say", () => {
    const sizes = planWaves(hosts(1000), { canaries: ["gpu-7"], waves: [5, 25, 100] }).map((wave) => wave.length);
    expect(sizes).toEqual([1, 50, 200, 749]);
  });

  it("makes fewer waves of few hosts, and one of all where nothing is said", () => {
    expect(planWaves(hosts(2), { canaries: [], waves: [5, 25, 100] }).map((wave) => wave.length)).toEqual([1, 1]);
    expect(planWaves(hosts(9), { canaries: [], waves: [100] })).toHaveLength(1);
    expect(planWaves([], { canaries: [], waves: [100] })).toEqual([]);
  });
});
