import { describe, expect, it } from "vitest";
import { JOBS, STEPS, workflow, WORKFLOWS } from "./workflows.ts";

/** Jobs that may write, and what. Whatever else writes has to be entered here, and judged. */
const WRITERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "preview.yml: comment": { "pull-requests": "write" },
  "drift.yml: report": { issues: "write" },
};
/** What a job may ask for beside reading the code: a token for OIDC, which writes nothing here. */
const HARMLESS = { contents: "read", "id-token": "write" };

const shells = STEPS.filter(({ step }) => step.run !== undefined);
const pullRequestFiles = ["preview.yml", "tests.yml"];

describe("the workflows", () => {
  it("pin every action by commit, and say which version that is", () => {
    const uses = WORKFLOWS.flatMap(({ file, text }) =>
      [...text.matchAll(/uses: (?!\.\/)(.+)$/gm)].map(([, action]) => ({ file, action })),
    );
    expect(uses.length).toBeGreaterThan(10);
    for (const { file, action } of uses) expect(action, file).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("pin an action to one commit everywhere", () => {
    const commits = new Map<string, Set<string>>();
    for (const { step } of STEPS) {
      const [name = "", commit = ""] = (step.uses ?? "").split("@");
      if (name !== "") commits.set(name, (commits.get(name) ?? new Set()).add(commit));
    }
    for (const [name, set] of commits) expect([...set], name).toHaveLength(1);
  });

  it("read at the top level, and nothing more", () => {
    for (const { file, permissions } of WORKFLOWS) expect(permissions, file).toEqual({ contents: "read" });
  });

  it("write in exactly the jobs that comment and keep the issue", () => {
    const asking = JOBS.filter(({ job }) => job.permissions !== undefined);
    const writing = asking.filter(({ job: { permissions = {} } }) =>
      Object.entries(permissions).some(([name, level]) => HARMLESS[name as keyof typeof HARMLESS] !== level),
    );
    expect(Object.fromEntries(writing.map(({ at, job }) => [at, job.permissions]))).toEqual(WRITERS);
  });

  it("run no code of the project where they may write", () => {
    const steps = STEPS.filter(({ at }) => at in WRITERS);
    expect(steps.length).toBeGreaterThan(0);
    for (const { at, step } of steps) {
      expect(step.uses ?? "", at).not.toContain("actions/checkout");
      expect(step.run ?? "", at).not.toMatch(/\b(npm|npx|node)\b/);
    }
  });

  it("give code of a pull request no secret, no OIDC token and no environment", () => {
    for (const file of pullRequestFiles) {
      expect(workflow(file).text, file).not.toMatch(/secrets\.|secrets:|id-token|pull_request_target/);
      for (const [name, job] of Object.entries(workflow(file).jobs)) expect(job.environment, name).toBeUndefined();
    }
    const called = Object.values(workflow("preview.yml").jobs).flatMap(({ uses = [] }) => uses);
    expect(called).toEqual(["./.github/workflows/tests.yml"]);
  });

  it("begin on a pull request in preview.yml alone", () => {
    const files = WORKFLOWS.filter((one) => "pull_request" in one.on).map(({ file }) => file);
    expect(files).toEqual(["preview.yml"]);
    for (const { file, on } of WORKFLOWS) expect(on, file).not.toHaveProperty("pull_request_target");
  });

  it("put no expression into a script: what others wrote arrives as a variable", () => {
    expect(shells.length).toBeGreaterThan(10);
    for (const { at, step } of shells) expect(step.run, at).not.toContain("${{");
  });

  it("leave no token in the working copy", () => {
    const checkouts = STEPS.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
    expect(checkouts.length).toBeGreaterThan(3);
    for (const { at, step } of checkouts) expect(step.with?.["persist-credentials"], at).toBe(false);
  });

  it("end every job within a time, and cut off no deployment before the longest there is", () => {
    for (const { at, job } of JOBS.filter(({ job: { uses } }) => uses === undefined)) {
      const most = at.startsWith("deploy-stack.yml") ? 360 : 90;
      expect(job["timeout-minutes"], at).toBeGreaterThan(0);
      expect(job["timeout-minutes"], at).toBeLessThanOrEqual(most);
    }
  });
});
