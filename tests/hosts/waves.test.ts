import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FleetChange } from "./waves-project.ts";
import { NAMES, WavesProject } from "./waves-project.ts";

describe("a rollout by waves through the engine", { timeout: 300_000 }, () => {
  let waves: WavesProject;
  let fleet: WavesProject["fleet"];
  let project: WavesProject["project"];

  beforeAll(async () => {
    waves = await WavesProject.start();
    ({ fleet, project } = waves);
  }, 300_000);
  afterAll(() => waves?.end());
  beforeEach(() => waves.heal());

  const gone: string[] = [];
  const describeFleet = (environment: string, states: FleetChange["states"] = {}) =>
    waves.describe(environment, { states, names: NAMES.filter((name) => !gone.includes(name)) });
  const versions = () => waves.versions();
  const updated = (before: readonly (string | undefined)[]) =>
    NAMES.filter((_name, index) => versions()[index] !== before[index]);

  it("reaches the canary first, and each wave after the one before", async () => {
    describeFleet("first");
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(fleet.versions.size).toBe(NAMES.length);
    const position = (name: string) => [fleet.reached.indexOf(name), fleet.reached.lastIndexOf(name)] as const;
    const lastOf = (...names: readonly string[]) => Math.max(...names.map((name) => position(name)[1]));
    const firstOf = (...names: readonly string[]) => Math.min(...names.map((name) => position(name)[0]));
    expect(lastOf("gpu-2")).toBeLessThan(firstOf("gpu-1", "gpu-3"));
    expect(lastOf("gpu-1", "gpu-3")).toBeLessThan(firstOf("gpu-4", "gpu-5", "gpu-6"));
    expect(project.stateText()).toContain("BEGIN CERTIFICATE");
    expect(project.stateText()).not.toContain("PRIVATE KEY");
  });

  it("needs two resources a host and one between two waves, whose dependencies grow with the hosts", async () => {
    const resources = project.resources() as readonly { urn: string; type: string; dependencies?: string[] }[];
    const own = resources.filter(({ type }) => type.startsWith("command:"));
    const gates = resources.filter(({ type }) => type === "pulumi:index:Stash");
    expect([own.length, gates.length]).toEqual([2 * NAMES.length, 2]);
    // Without gates each host would name every host of the wave before.
    const hostOf = (urn: string) => /(gpu-\d+)-(?:bundle|apply)$/.exec(urn)?.[1];
    for (const { urn, dependencies = [] } of own) {
      const others = dependencies.map(hostOf).filter((name) => name !== undefined && name !== hostOf(urn));
      expect(others, urn).toEqual([]);
    }
    // The gates are what holds the waves apart: all but the first wave wait at one.
    const waiting = own.filter(({ dependencies = [] }) => dependencies.some((urn) => /rollout-\d+$/.test(urn)));
    expect(new Set(waiting.map(({ urn }) => hostOf(urn))).size).toBe(NAMES.length - 1);
  });

  it("changes nothing and reaches nobody the second time", async () => {
    const { code, changes } = await project.up();
    expect({ code, update: changes["update"], create: changes["create"] }).toEqual({ code: 0 });
    expect(fleet.reached).toEqual([]);
  });

  it("sends its bundle to a machine that is new under an old name, and to nobody else", async () => {
    waves.describe("first", { moved: ["gpu-4"] });
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(fleet.sent).toEqual(["gpu-4"]);
    expect(new Set(fleet.reached)).toEqual(new Set(["gpu-4"]));
  });

  it("stops at a broken canary: everybody else is not even reached, and stays on the old version", async () => {
    const before = versions();
    fleet.broken.add("gpu-2");
    describeFleet("second");
    const { code, text } = await project.up();
    expect(code).not.toBe(0);
    expect(text).toContain("host gpu-2: the agent does not answer");
    expect(updated(before)).toEqual([]);
    expect(new Set(fleet.reached)).toEqual(new Set(["gpu-2"]));
    expect(project.resources().filter(({ type }) => type.startsWith("command:"))).toHaveLength(2 * NAMES.length);
  });

  it("goes through everybody once the canary is mended", async () => {
    const before = versions();
    describeFleet("second");
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(updated(before)).toEqual(NAMES);
  });

  it("stops behind a wave with a host that is down: its own wave goes on, the next one waits", async () => {
    const before = versions();
    fleet.down.add("gpu-3");
    describeFleet("third");
    expect((await project.up()).code).not.toBe(0);
    expect(updated(before)).toEqual(["gpu-1", "gpu-2"]);
  });

  it("goes on past a dead host that is quarantined, which is neither reached nor changed", async () => {
    const before = versions();
    fleet.down.add("gpu-3");
    describeFleet("third", { "gpu-3": "quarantined" });
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(updated(before)).toEqual(["gpu-4", "gpu-5", "gpu-6"]);
    expect(fleet.reached).not.toContain("gpu-3");
  });

  it("needs no bundle of an earlier run, though the state names it: neither to refresh, nor for who is quarantined", async () => {
    rmSync(waves.bundleFolder, { recursive: true });
    describeFleet("third", { "gpu-3": "quarantined" });
    expect(project.stateText()).toContain(waves.bundleFolder);
    for (const run of [() => project.refresh(), () => project.preview(), () => project.up()]) {
      const { code, text, changes } = await run();
      expect({ code, update: changes["update"], create: changes["create"] }, text).toEqual({ code: 0 });
    }
    expect(fleet.reached).toEqual([]);
  });

  it("fails a host of the last wave alone", async () => {
    const before = versions();
    fleet.down.add("gpu-6");
    describeFleet("fourth", { "gpu-3": "quarantined" });
    expect((await project.up()).code).not.toBe(0);
    expect(updated(before)).toEqual(["gpu-1", "gpu-2", "gpu-4", "gpu-5"]);
  });

  it("brings a host that comes back from quarantine to what the others run", async () => {
    const before = versions();
    describeFleet("fourth");
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(updated(before)).toEqual(["gpu-3", "gpu-6"]);
  });

  it("forgets a quarantined host that is taken out, without reaching it", async () => {
    describeFleet("fourth", { "gpu-5": "quarantined" });
    expect((await project.up()).code).toBe(0);
    fleet.down.add("gpu-5");
    gone.push("gpu-5");
    describeFleet("fourth");
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(project.stateText()).not.toContain("gpu-5-apply");
    expect([fleet.reached, fleet.versions.has("gpu-5")]).toEqual([[], true]);
  });

  it("rejects a host that comes in quarantined and was never installed: it is not reached, the others are fine", async () => {
    gone.length = 0;
    describeFleet("fourth", { "gpu-5": "quarantined" });
    const { code, text } = await project.up();
    expect(code).not.toBe(0);
    expect(text).toMatch(/gpu-5-bundle[^]*gpu-5\.quarantined\.invalid/);
    expect([fleet.reached, project.stateText().includes("gpu-5-apply")]).toEqual([[], false]);
    gone.push("gpu-5");
  });

  it("removes everything from those it may reach with destroy, and leaves a quarantined one as it is", async () => {
    describeFleet("fourth", { "gpu-1": "quarantined" });
    expect((await project.up()).code).toBe(0);
    fleet.down.add("gpu-1");
    const { code, text } = await project.destroy();
    expect(code, text).toBe(0);
    expect([...fleet.versions.keys()].sort()).toEqual(["gpu-1", "gpu-5"]);
  });
});
