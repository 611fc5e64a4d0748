import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { launchPack } from "../../infra/policy/launch.ts";

const PACK = join(PROJECT_ROOT, "infra", "policy");
const folder = mkdtempSync(join(tmpdir(), "gpu-observability-launch-"));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe("the pack", () => {
  it("is run where it lies by an engine that is not built from source", () => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "empty"));
    expect(launchPack("production", folder, folder)).toEqual(["--policy-pack", PACK]);
    expect(existsSync(join(folder, "policy-pack"))).toBe(false);
  });

  it.each(["local", "dev"] as const)("is advice in %s", (environment) => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder, "empty"));
    expect(launchPack(environment, folder, folder).slice(2)).toEqual([
      "--policy-pack-config",
      join(PACK, "advisory.json"),
    ]);
  });

  it("starts in its own folder, as the official language host starts it", async () => {
    const runner = join(PROJECT_ROOT, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
    const child = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: PACK,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = await new Promise<string>((resolve) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
      child.stderr.once("data", (chunk: Buffer) => resolve(chunk.toString()));
    });
    child.kill();
    expect(said).toMatch(/^\d{2,5}\n$/);
  });
});
