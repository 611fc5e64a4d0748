import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { NAMES, WavesProject } from "./waves-project.ts";

describe("hosts that leave while a wave fails", { timeout: 300_000 }, () => {
  let waves: WavesProject;

  beforeAll(async () => {
    waves = await WavesProject.start();
    waves.describe("first");
    const { code, text } = await waves.project.up();
    expect(code, text).toBe(0);
  }, 300_000);
  afterAll(() => waves?.end());
  beforeEach(() => waves.heal());

  const installed = () => [...waves.fleet.versions.keys()].sort();
  const inState = () => [...new Set(waves.project.stateText().match(/gpu-\d(?=-apply)/g))].sort();

  it("stay whole while the canary fails, and leave with the next run, also when there are fewer waves by now", async () => {
    const names = ["gpu-2", "gpu-3", "gpu-4", "gpu-5"];
    const rollout = { canaries: ["canary"], waves: [100] };
    waves.fleet.broken.add("gpu-2");
    waves.describe("second", { names, rollout });
    expect((await waves.project.up()).code).not.toBe(0);
    expect([installed(), inState()]).toEqual([NAMES, NAMES]);
    expect(new Set(waves.fleet.reached)).toEqual(new Set(["gpu-2"]));
    waves.heal();
    const { code, text } = await waves.project.up();
    expect(code, text).toBe(0);
    expect([installed(), inState()]).toEqual([names, names]);
  });

  it("stay whole while a host of the last wave fails, and leave with the next run", async () => {
    const names = ["gpu-2", "gpu-4", "gpu-5"];
    waves.fleet.broken.add("gpu-5");
    waves.describe("third", { names });
    expect((await waves.project.up()).code).not.toBe(0);
    expect([installed(), inState()]).toEqual([["gpu-2", "gpu-3", "gpu-4", "gpu-5"], expect.arrayContaining(["gpu-3"])]);
    waves.heal();
    const { code, text } = await waves.project.up();
    expect(code, text).toBe(0);
    expect([installed(), inState()]).toEqual([names, names]);
  });

  it("stay whole under their old name while the new one cannot be installed", async () => {
    const names = ["gpu-2", "gpu-4", "gpu-7"];
    waves.fleet.broken.add("gpu-7");
    waves.describe("third", { names });
    expect((await waves.project.up()).code).not.toBe(0);
    expect([installed(), inState()]).toEqual([
      ["gpu-2", "gpu-4", "gpu-5"],
      ["gpu-2", "gpu-4", "gpu-5"],
    ]);
    waves.heal();
    const { code, text } = await waves.project.up();
    expect(code, text).toBe(0);
    expect([installed(), inState()]).toEqual([names, names]);
  });
});
