import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { command } from "../../../infra/cli/commands/summary.ts";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";

/** A repository of its own with the project as it stands here, and its renderings made anew. */
const clone = mkdtempSync(join(tmpdir(), "gpu-observability-summary-"));
const STACK = join(clone, "stacks", "Pulumi.production.yaml");
const PARTS = ["components", "dashboards", "infra", "stacks", "package.json", "package-lock.json", "Pulumi.yaml"];

const git = (...args: string[]) => execFileSync("git", args, { cwd: clone, encoding: "utf8" });
const commit = () => {
  git("add", "--all");
  git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "state");
};
const edit = (file: string, from: string | RegExp, to: string) => {
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
};
const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["infra/cli/main.ts", ...args], {
    cwd: clone,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
};

beforeAll(() => {
  for (const part of PARTS) cpSync(join(PROJECT_ROOT, part), join(clone, part), { recursive: true });
  symlinkSync(join(PROJECT_ROOT, "node_modules"), join(clone, "node_modules"));
  writeFileSync(join(clone, ".gitignore"), "node_modules\n");
  expect(run("render").status).toBe(0);
  git("init", "--quiet");
  commit();
}, 120_000);

afterAll(() => rmSync(clone, { recursive: true, force: true }));

describe("npm run summary", () => {
  it("--against HEAD finds nothing changed in a clean clone, in any stack, and leaves it clean", () => {
    const { status, stdout, stderr } = run("summary", "--against", "HEAD");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout.trim().split("\n\n")).toEqual(
      ["local", "dev", "staging", "production"].map((name) => `${name}: nothing changes against HEAD`),
    );
    expect(git("status", "--porcelain")).toBe("");
    expect(git("worktree", "list").trim().split("\n").length).toBe(1);
  });

  it("--against HEAD plans the earlier side with the earlier code, and counts lines", () => {
    edit(STACK, "workflow-service: 0.1", "workflow-service: 0.2");
    edit(join(clone, "components/alerts/gpu/thresholds.ts"), "temperature: threshold(85", "temperature: threshold(90");
    const { status, stdout } = run("summary", "production", "--against", "HEAD");
    git("checkout", "--quiet", "--", ".");
    expect(status).toBe(0);
    expect(stdout).toContain("sampling workflow-service 0.1 -> 0.2\n");
    expect(stdout).toContain("threshold gpu.temperature 85 -> 90: alert GpuTooHot\n");
    expect(stdout).toMatch(/file prometheus\/rules\/gpu\.yml changed \(\+1 -1 lines\)/);
    expect(stdout).not.toContain("condition changed");
    expect(stdout).not.toContain("note:");
  });

  it("--json gives both sides and every change", () => {
    const { stdout } = run("summary", "staging", "--against", "HEAD", "--set", "gateways.count=3", "--json");
    const { staging } = JSON.parse(stdout);
    expect(staging.before.workloads.gateway.replicas).toBe(2);
    expect(staging.now.workloads.gateway.replicas).toBe(3);
    expect(staging.changes).toContainEqual({ group: "sizes", what: "replicas 2 -> 3", of: ["gateway"] });
  });

  it("--json alone gives the summaries by stack, and --set alone compares with the stack file", () => {
    const all = JSON.parse(run("summary", "--json").stdout);
    expect(Object.keys(all)).toEqual(["local", "dev", "staging", "production"]);
    expect(all.production.sampling.services["workflow-service"]).toBe(0.1);
    const { stdout } = run("summary", "production", "--set", "sampling.default=0.3", "--markdown");
    expect(stdout).toContain("- sampling default 0.1 -> 0.3");
  });

  it("falls back to the renderings where the earlier code has no summary, and says so", () => {
    const had = git("rev-parse", "HEAD").trim();
    git("rm", "--quiet", "-r", "infra/summary");
    commit();
    const old = git("rev-parse", "HEAD").trim();
    git("reset", "--quiet", "--hard", had);
    const { status, stdout } = run("summary", "staging", "--against", old, "--set", "network.ports={loki.http: 3900}");
    expect(status).toBe(0);
    expect(stdout).toContain("note: compared with the renderings in tests/golden of");
    expect(stdout).toContain("it has no infra/summary.");
    expect(stdout).toContain("port http 3100 -> 3900: loki\n");
    expect(run("summary", "staging", "--against", old).stdout).toContain("staging: nothing changes against");
  });

  it("falls back to the renderings where the earlier code fails, and says why", () => {
    const had = git("rev-parse", "HEAD").trim();
    edit(STACK, "runtime: kubernetes", "runtime: submarine");
    commit();
    const broken = git("rev-parse", "HEAD").trim();
    git("reset", "--quiet", "--hard", had);
    const { status, stdout } = run("summary", "production", "--against", broken);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /note: compared with the renderings .*its summary failed: 1 problem: .*runtime expected .* got "submarine"/,
    );
    expect(stdout).toContain("production: nothing changes against");
  });

  it("describes an environment that the earlier commit did not have", () => {
    const had = git("rev-parse", "HEAD").trim();
    git("rm", "--quiet", "stacks/Pulumi.staging.yaml");
    commit();
    const without = git("rev-parse", "HEAD").trim();
    git("reset", "--quiet", "--hard", had);
    const { stdout } = run("summary", "staging", "--against", without);
    expect(stdout).toContain("staging: all of it");
    expect(stdout).toContain("has no environment staging: all of it is new");
  });

  it("rejects a commit nobody knows, an option as a commit, an unknown stack and an unknown option", async () => {
    const unknown = run("summary", "production", "--against", "origin/nowhere");
    expect(unknown.status).toBe(1);
    expect(unknown.stderr).toContain('got       "origin/nowhere"');
    expect(unknown.stderr).toContain("git fetch origin main");
    expect(run("summary", "production", "--against", "--all").status).toBe(1);
    await expect(command.run(["nowhere"])).rejects.toThrow('got       "nowhere"');
    await expect(command.run(["--markdwn"])).rejects.toThrow("got       --markdwn");
  });
});
