import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { NETWORKS } from "../support/networks.ts";

const state = mkdtempSync(join(tmpdir(), "gpu-observability-policy-local-"));

afterAll(() => rmSync(state, { recursive: true, force: true }));

/** Previews the real program on a loopback network of its own. */
function preview(levels: string, ...settings: readonly string[]) {
  const script = join(PROJECT_ROOT, "tests", "support", "preview-with-pack.ts");
  const sets = [`network.loopback=${NETWORKS.policyLocal}`, ...settings].flatMap((setting) => ["--set", setting]);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, levels, "local", ...sets], {
    cwd: PROJECT_ROOT,
    encoding: "utf8",
    env: { ...process.env, XDG_STATE_HOME: state },
  });
  return { status, output: `${stdout}${stderr}` };
}

describe("the project's own program under the pack", { timeout: 600_000 }, () => {
  it("passes in local as written, where every rule is mandatory", () => {
    const { status, output } = preview("production");
    expect([status, output]).toEqual([0, expect.stringContaining("✅ gpu-observability@v")]);
  });

  it("rejects a preview with a violation, with the rule's name and the key that mends it", () => {
    const { status, output } = preview("production", "prometheus.retention=0d");
    expect(status).not.toBe(0);
    expect(output).toContain("retention-set");
    expect(output).toContain("process prometheus-a: keeps everything for ever. Fix: set prometheus.retention: 15d");
  });

  it("only advises with the levels of local", () => {
    const { status, output } = preview("local", "prometheus.retention=0d");
    expect(status).toBe(0);
    expect(output).toContain("[advisory]");
    expect(output).toContain("process prometheus-a: keeps everything for ever");
  });
});
