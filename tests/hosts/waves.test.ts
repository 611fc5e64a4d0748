import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { WaveHost } from "../../infra/inventory/plan-waves.ts";
import { EngineProject } from "../engine/engine-project.ts";
import { PretendHosts } from "./pretend-hosts.ts";
import type { WavesFleet } from "./waves-program.ts";

const NAMES = ["gpu-1", "gpu-2", "gpu-3", "gpu-4", "gpu-5", "gpu-6"] as const;
/** gpu-2 first, then gpu-1 and gpu-3, then the others. */
const ROLLOUT = { canaries: ["canary"], waves: [40, 100] };

describe("a rollout by waves through the engine", { timeout: 300_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-waves-"));
  let fleet: PretendHosts;
  let project: EngineProject;

  beforeAll(async () => {
    fleet = await PretendHosts.start();
    // As `up` runs it where there are ssh hosts.
    const env = { FLEET_FILE: join(folder, "fleet.json"), PULUMI_CONTINUE_ON_ERROR: "true" };
    project = await EngineProject.create({ program: "../../hosts/waves-program.ts", env });
  }, 300_000);
  afterAll(() => {
    project?.remove();
    fleet?.end();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    fleet.broken.clear();
    fleet.down.clear();
    fleet.reached.length = 0;
  });

  function describeFleet(environment: string, states: Partial<Record<string, WaveHost["state"]>> = {}): void {
    const description: WavesFleet = {
      bundleFolder: join(folder, "bundles"),
      port: fleet.port,
      hostKey: fleet.hostKey,
      privateKey: fleet.privateKey,
      environment,
      hosts: NAMES.filter((name) => !gone.includes(name)).map((name) => ({
        name,
        groups: name === "gpu-2" ? ["canary"] : [],
        state: states[name] ?? "active",
      })),
      rollout: ROLLOUT,
    };
    writeFileSync(join(folder, "fleet.json"), JSON.stringify(description), { mode: 0o600 });
  }
  const gone: string[] = [];
  /** Hosts by the version they run, in the order of their names. */
  const versions = () => NAMES.map((name) => fleet.versions.get(name));
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
