import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { TIERS } from "../../../infra/cli/testing/tiers.ts";
import { readEnvironment } from "../../../infra/environment/load.ts";
import { secretsNeededBy } from "../../../infra/environment/rules.ts";
import { ENVIRONMENT_NAMES } from "../../../infra/environment/schema.ts";
import { JOBS, type Step, STEPS, workflow } from "./workflows.ts";

const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const versions = JSON.parse(readFileSync(join(PROJECT_ROOT, "infra", "toolchain", "versions.json"), "utf8")) as {
  go: { minimum: string };
};
const deployed = ENVIRONMENT_NAMES.filter((name) => name !== "local");
const stepsUsing = (action: string) => STEPS.filter(({ step }) => step.uses?.startsWith(`${action}@`));

describe("the workflows", () => {
  it("call commands that exist", () => {
    const called = STEPS.flatMap(({ at, step }) =>
      [...(step.run ?? "").matchAll(/npm run (?:--silent )?"?([\w:$]+)/g)].map(([, name = ""]) => ({ at, name })),
    );
    expect(new Set(called.map(({ name }) => name))).toEqual(
      new Set(["lint", "test:$TIER", "preview", "summary", "secret", "deploy", "drift"]),
    );
    for (const { at, name } of called.filter((one) => one.name !== "test:$TIER")) {
      expect(manifest.scripts, at).toHaveProperty([name]);
    }
    for (const tier of Object.keys(TIERS)) expect(manifest.scripts).toHaveProperty([`test:${tier}`]);
  });

  it("run every tier of tests, for pull requests and before a deployment", () => {
    const tiers = workflow("tests.yml").jobs["tier"]?.strategy?.matrix["tier"] as string[];
    expect(tiers.toSorted()).toEqual(Object.keys(TIERS).toSorted());
    for (const file of ["preview.yml", "deploy.yml"]) {
      expect(workflow(file).jobs["tests"]?.uses, file).toBe("./.github/workflows/tests.yml");
    }
  });

  it("preview every stack with the official action and the policy pack", () => {
    const { strategy, steps = [] } = workflow("preview.yml").jobs["preview"] ?? {};
    expect(strategy?.matrix["stack"]).toEqual(ENVIRONMENT_NAMES);
    const settings = steps.find(({ uses }) => uses?.startsWith("pulumi/actions@"))?.with;
    expect(settings).toMatchObject({ command: "preview", policyPacks: "infra/policy", upsert: true });
    expect(settings?.["stack-name"]).toBe("${{ matrix.stack }}");
  });

  it("run the versions the project names", () => {
    for (const { at, step } of stepsUsing("pulumi/actions")) {
      expect(step.with?.["pulumi-version"], at).toBe(manifest.devDependencies["pulumi"]);
    }
    for (const { at, step } of stepsUsing("actions/setup-node")) {
      expect(step.with?.["node-version"], at).toBe(manifest.dependencies["node"]?.split(".")[0]);
    }
    for (const { at, step } of stepsUsing("actions/setup-go")) {
      expect(step.with?.["go-version"], at).toBe(versions.go.minimum);
    }
  });

  it("cancel the preview of an earlier push, and never a deployment", () => {
    expect(workflow("preview.yml").concurrency?.["cancel-in-progress"]).toBe(true);
    expect(workflow("deploy.yml").concurrency).toEqual({ group: "deploy", "cancel-in-progress": false });
  });

  it("deploy one environment after the other, after the tests", () => {
    const { jobs, on } = workflow("deploy.yml");
    expect(on).toEqual({ push: { branches: ["main"] } });
    const order = ["tests", ...deployed];
    expect(Object.keys(jobs)).toEqual(order);
    deployed.forEach((stack, index) => {
      expect(jobs[stack]?.needs).toBe(order[index]);
      expect(jobs[stack]?.with).toEqual({ stack });
    });
    expect(workflow("deploy-stack.yml").jobs["up"]?.environment).toBe("${{ inputs.stack }}");
    // A job that goes on after a failure would deploy past it.
    expect(workflow("deploy.yml").text).not.toMatch(/\bif:|continue-on-error|always\(\)/);
  });

  it("look for drift in every environment that is deployed", () => {
    expect(workflow("drift.yml").jobs["look"]?.strategy?.matrix["stack"]).toEqual(deployed);
    expect(workflow("drift.yml").on).toHaveProperty("schedule");
  });

  it.each(["deploy-stack.yml: up", "drift.yml: look"])("hand over every secret the stacks need: %s", (at) => {
    const steps = JOBS.find((one) => one.at === at)?.job.steps ?? [];
    const handed = steps.find(({ name }: Step) => name === "Secrets of the stack")?.env ?? {};
    const needed = new Set(deployed.flatMap((name) => secretsNeededBy(readEnvironment(PROJECT_ROOT, name))));
    const readme = readFileSync(join(PROJECT_ROOT, ".github", "README.md"), "utf8");
    expect(Object.keys(handed)).toEqual([...needed].toSorted().map((name) => `STACK_SECRET_${name}`));
    for (const name of needed) {
      const upper = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      expect(handed[`STACK_SECRET_${name}`]).toBe(`\${{ secrets.${upper} }}`);
      expect(readme).toContain(`\`${upper}\``);
    }
  });
});
