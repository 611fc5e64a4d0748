import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { loadEnvironment, readEnvironment } from "../../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES, levelOf } from "../../../infra/environment/schema.ts";
import { listEnvironmentNames, parseEnvironmentName } from "../../../infra/environment/stack-file.ts";
import { planTopology } from "../../../infra/topology/plan.ts";
import { messageOf } from "../../support/problems.ts";

const LOCAL = { runtime: "process", hosts: [{ name: "gpu-1", runtime: "process", simulated: true }] };
const root = mkdtempSync(join(tmpdir(), "own-environment-"));

beforeAll(() => {
  mkdirSync(join(root, "stacks"));
  for (const name of ENVIRONMENT_NAMES) {
    const file = `stacks/Pulumi.${name}.yaml`;
    copyFileSync(join(PROJECT_ROOT, file), join(root, file));
  }
  const local = readFileSync(join(root, "stacks", "Pulumi.local.yaml"), "utf8");
  writeFileSync(
    join(root, "stacks", "Pulumi.lab.yaml"),
    local.replace("runtime: process", "runtime: process\n    judgedAs: dev"),
  );
});
afterAll(() => rmSync(root, { recursive: true }));

describe("an environment of one's own", () => {
  it("is made by a stack file alone", () => {
    expect(listEnvironmentNames(root)).toEqual([...ENVIRONMENT_NAMES, "lab"]);
    expect(parseEnvironmentName("lab", root)).toBe("lab");
    expect(planTopology(readEnvironment(root, "lab")).name).toBe("lab");
  });

  it("is judged as production unless it says otherwise", () => {
    expect(levelOf({ name: "lab", judgedAs: undefined })).toBe("production");
    expect(levelOf({ name: "lab", judgedAs: "dev" })).toBe("dev");
    expect(messageOf(() => loadEnvironment("lab", { ...LOCAL, alertmanager: { replicas: 3 } }))).toContain(
      "expected  at least one receiver in lab, which is judged as production (judgedAs): alerts must reach somebody",
    );
    expect(() => loadEnvironment("lab", { ...LOCAL, judgedAs: "dev" })).not.toThrow();
  });

  it.each(ENVIRONMENT_NAMES)("rejects other rules for %s", (name) => {
    expect(messageOf(() => loadEnvironment(name, { ...LOCAL, judgedAs: "dev" }))).toContain(
      `judgedAs\n    expected  nothing: ${name} is judged by its own rules`,
    );
  });

  it.each(["La b", "../lab", "x"])("rejects the name %j, of which no file is told", (name) => {
    expect(messageOf(() => parseEnvironmentName(name, root))).not.toContain("of your own");
  });
});
