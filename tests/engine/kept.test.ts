import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OFFICIAL_ONLY } from "../support/plugins/plugin-path.ts";
import { EngineProject } from "./engine-project.ts";

if (OFFICIAL_ONLY) console.warn("skipped: the official grafana and datadog plugins need a Grafana and an account");

describe.skipIf(OFFICIAL_ONLY)("the grafana and datadog plugins, driven by the real engine", () => {
  let project: EngineProject;

  beforeAll(async () => {
    project = await EngineProject.create({ program: "kept.ts", env: { CONTRACT_TITLE: "First" } });
  });
  afterAll(() => project?.remove());

  it("previews what it would make", async () => {
    const { code, text, changes } = await project.preview();
    expect({ code, changes }, text).toEqual({ code: 0, changes: { create: 9 } });
  });

  it("keeps what it was given, and answers what a service would", async () => {
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    const { key, monitorId, ...rest } = await project.outputs();
    expect(rest).toEqual({
      folderUid: "contract",
      // The official plugin adds what Grafana does: a name for people.
      dashboardUrl: expect.stringMatching(/^https:\/\/grafana\.invalid\/d\/one(\/|$)/) as unknown,
      monitorName: "First",
    });
    expect(String(key)).not.toBe("");
    expect(String(monitorId)).toMatch(/^\d+$/);
  });

  it("keeps keys, tokens and passwords out of the state", async () => {
    expect(project.stateText()).not.toContain("nobody may read");
    expect(project.stateText()).not.toContain(String((await project.outputs())["key"]));
  });

  it("changes nothing in a refresh, and nothing in an update without a change", async () => {
    const refreshed = await project.refresh();
    expect({ code: refreshed.code, changes: refreshed.changes }, refreshed.text).toEqual({
      code: 0,
      changes: { same: 9 },
    });
    const again = await project.up();
    expect({ code: again.code, changes: again.changes }, again.text).toEqual({ code: 0, changes: { same: 9 } });
  });

  it("updates in place, under the same ids", async () => {
    const before = await project.outputs();
    const { code, text, changes } = await project.up({ CONTRACT_TITLE: "Second" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { update: 3, same: 6 } });
    expect(await project.outputs()).toEqual({ ...before, monitorName: "Second" });
  });

  it("rejects a value of another shape than the SDK declares, by its name", async () => {
    const { code, text } = await project.up({ CONTRACT_TITLE: "Second", CONTRACT_WRONG: "no list" });
    expect(code).not.toBe(0);
    expect(text).toMatch(/tags.*array/i);
  });

  it("removes everything", async () => {
    const { code, text, changes } = await project.destroy();
    expect({ code, changes }, text).toEqual({ code: 0, changes: { delete: 9 } });
    expect(project.resources()).toEqual([]);
  });
});
