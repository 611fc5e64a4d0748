import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineProject } from "./engine-project.ts";

/** Written so that the official plugin passes, too. */
describe("the command plugin, driven by the real engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-command-"));
  const env = { CONTRACT_FOLDER: folder, CONTRACT_WORD: "once", CONTRACT_TRIGGER: "one" };
  let project: EngineProject;

  beforeAll(async () => {
    project = await EngineProject.create({ program: "command.ts", env });
  });
  afterAll(() => {
    project?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs nothing in a preview", async () => {
    const { code, text, changes } = await project.preview();
    expect({ code, changes }, text).toEqual({ code: 0, changes: { create: 3 } });
    expect(existsSync(join(folder, "made"))).toBe(false);
  });

  it("runs a command with its input, environment and folder, and gives back what it wrote", async () => {
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(readFileSync(join(folder, "made"), "utf8")).toBe("input nobody may read");
    expect(await project.outputs()).toEqual({ stdout: "made once", stderr: "aside", where: folder });
  });

  it("keeps a secret input out of the state, where what a command wrote stands in the plain", async () => {
    expect(project.stateText()).not.toContain("nobody may read");
    expect(project.stateText()).toContain("made once");
    expect(project.stateText()).toContain(folder);
  });

  it("changes nothing in a refresh, and nothing in an update without a change", async () => {
    const refreshed = await project.refresh();
    expect({ code: refreshed.code, changes: refreshed.changes }, refreshed.text).toEqual({
      code: 0,
      changes: { same: 3 },
    });
    const again = await project.up();
    expect({ code: again.code, changes: again.changes }, again.text).toEqual({ code: 0, changes: { same: 3 } });
  });

  it("runs the command for updates when an input changed, and shows it what it wrote before", async () => {
    const { code, text, changes } = await project.up({ CONTRACT_WORD: "twice" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { update: 1, same: 2 } });
    expect(await project.outputs()).toMatchObject({ stdout: "updated twice after made once" });
  });

  it("replaces a command whose trigger changed", async () => {
    const { code, text, changes } = await project.up({ CONTRACT_WORD: "twice", CONTRACT_TRIGGER: "two" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { replace: 1, same: 2 } });
    expect(readFileSync(join(folder, "gone"), "utf8")).toBe("updated twice after made once\n");
  });

  it("fails with the status and the words of a command that fails", async () => {
    const { code, text } = await project.up({ CONTRACT_FOLDER: "/nowhere" });
    expect(code).not.toBe(0);
    expect(text).toContain("/nowhere");
  });

  it("runs the command for deletion when it is destroyed", async () => {
    rmSync(join(folder, "gone"), { force: true });
    await project.up({ CONTRACT_TRIGGER: "two" });
    const { code, text } = await project.destroy();
    expect(code, text).toBe(0);
    expect(readFileSync(join(folder, "gone"), "utf8")).toContain("once");
  });
});
