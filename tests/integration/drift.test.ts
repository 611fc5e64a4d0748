import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LocalEnvironment } from "../support/local-environment.ts";
import { NETWORKS } from "../support/networks.ts";
import type { Ran } from "../support/test-environment.ts";

const HOSTS = "[{ name: gpu-1, runtime: process, simulated: true, scenario: healthy, gpus: 1 }]";

describe("drift", () => {
  // One host and one of each backend: what is tried here does not grow with them.
  const environment = new LocalEnvironment(NETWORKS.drift, [
    "prometheus.replicas=1",
    "alertmanager.replicas=1",
    "jaeger.enabled=false",
    `hosts=${HOSTS}`,
  ]);
  let before: Ran;

  beforeAll(async () => {
    before = await environment.run("drift");
    const up = await environment.run("up");
    expect(up.code, up.output.slice(-4000)).toBe(0);
  }, 120_000);

  afterAll(async () => {
    await environment.run("destroy");
    environment.removeFolder();
  }, 60_000);

  it("rejects an environment that nobody brought up, with a code of its own", () => {
    expect(before.code).toBe(2);
    expect(before.output).toContain("npm run up -- local");
  });

  it("is none where everything runs as described", async () => {
    const { code, output, seconds } = await environment.run("drift");
    console.log(`drift: ${seconds.toFixed(1)} s`);
    expect(code, output).toBe(0);
    expect(output.trim()).toBe("local: no drift");
  });

  it("names what was changed behind the engine's back, and mends nothing", async () => {
    const pid = environment.pidOf("gateway-a");
    environment.crash("gateway-a");
    const { code, output } = await environment.run("drift");
    expect(code, output).toBe(1);
    expect(output).toContain("local: 1 drifted");
    expect(output).toMatch(/update +gateway-a-process/);
    expect(environment.pidOf("gateway-a"), "nothing was started instead").toBe(pid);
  });

  it("rejects a description that is wrong, and does not call that drift", async () => {
    const { code, output } = await environment.run("drift", "--set", "sampling.default=many");
    expect(code, output).toBe(2);
  });

  it("ends with a deployment, which mends and verifies", async () => {
    const deploy = await environment.run("deploy", "--yes");
    expect(deploy.code, deploy.output.slice(-4000)).toBe(0);
    expect(deploy.output).toMatch(/local +deployed after \d+ s/);
    expect(() => process.kill(environment.pidOf("gateway-a"), 0)).not.toThrow();
  });

  it("rejects a deployment that nobody can confirm", async () => {
    const { code, output } = await environment.run("deploy");
    expect(code).toBe(1);
    expect(output).toContain("--yes");
  });
});
