import { rmSync } from "node:fs";
import { delimiter } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ENVIRONMENT_NAMES } from "../../infra/environment/schema.ts";
import { absentPlugins, pluginPath } from "../support/plugins/plugin-path.ts";
import { TestEnvironment } from "../support/test-environment.ts";

const LONGEST_SECONDS = 60;

describe("a preview", () => {
  let folder: string;
  const environments: TestEnvironment[] = [];
  /** A stack nobody has brought up here: no state, no secret, no kubeconfig, no engine, and no network but loopback. */
  const cold = (stack: (typeof ENVIRONMENT_NAMES)[number]) => {
    const environment = new TestEnvironment(stack, {
      env: {
        PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
        KUBECONFIG: "/dev/null",
        DOCKER_HOST: "unix:///nonexistent.sock",
      },
      ...(process.getuid?.() === 0 ? { launcher: OFFLINE } : {}),
    });
    environments.push(environment);
    return environment;
  };

  beforeAll(() => {
    folder = pluginPath();
    console.log(`stand-ins for plugins that cannot be had here: ${absentPlugins("").join(", ") || "none"}`);
    if (process.getuid?.() !== 0) console.log("not root: the network stays, and could be used unseen");
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const environment of environments) environment.removeFolder();
  });

  it.each(ENVIRONMENT_NAMES)(
    "of %s needs no cluster, no cloud, no secret and no network, and passes the policy pack",
    async (stack) => {
      const { code, output, seconds } = await cold(stack).run("preview");
      console.log(`${stack}: previewed cold in ${seconds.toFixed(1)} s`);
      expect(code, output.slice(-4000)).toBe(0);
      expect(output).toMatch(/\+ \d+ to create/);
      expect(output).toContain("✅ gpu-observability");
      expect(output).toContain(`${stack}: all of it`);
      expect(seconds).toBeLessThan(LONGEST_SECONDS);
    },
    180_000,
  );

  it("rejects a passphrase that the stack did not begin with, and names where it came from", async () => {
    const started = cold("local");
    const runWith = (passphrase: string) => started.withEnv({ PULUMI_CONFIG_PASSPHRASE: passphrase }).run("preview");
    expect((await runWith("first")).code).toBe(0);
    const { code, output } = await runWith("second");
    expect(code).toBe(1);
    expect(output).toMatch(/environment variable PULUMI_CONFIG_PASSPHRASE\n +expected +the passphrase .* of local/);
  });
});

/** Runs a command with loopback as its only network. */
const OFFLINE = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "offline"];
