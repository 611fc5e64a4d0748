import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineProject } from "./engine-project.ts";
import { newKey, type SshHost, startSshHost } from "./ssh-host.ts";

/** Written so that the official plugin passes, too. */
describe("the command plugin over SSH, through a bastion", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-remote-"));
  const operator = newKey();
  let host: SshHost;
  let bastion: SshHost;
  let project: EngineProject;

  beforeAll(async () => {
    mkdirSync(join(folder, "source", "deep"), { recursive: true });
    writeFileSync(join(folder, "source", "deep", "file.txt"), "first\n");
    host = await startSshHost(operator.publicKey);
    bastion = await startSshHost(operator.publicKey);
    const env = {
      CONTRACT_FOLDER: folder,
      CONTRACT_PORT: String(host.port),
      CONTRACT_HOST_KEY: host.hostKey,
      CONTRACT_BASTION_PORT: String(bastion.port),
      CONTRACT_BASTION_KEY: bastion.hostKey,
      CONTRACT_PRIVATE_KEY: operator.privateKey,
      CONTRACT_STDIN: "input nobody may read",
    };
    project = await EngineProject.create({ program: "remote.ts", env });
  });
  afterAll(async () => {
    project?.remove();
    await host?.close();
    await bastion?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("touches no host in a preview", async () => {
    const { code, text } = await project.preview();
    expect(code, text).toBe(0);
    expect(host.logins() + bastion.logins()).toBe(0);
  });

  it("rejects a host whose key is another, by name, and runs nothing there", async () => {
    const { code, text } = await project.up({ CONTRACT_HOST_KEY: newKey().publicKey });
    expect(code).not.toBe(0);
    expect(text).toContain("host key mismatch");
    expect(host.logins()).toBe(0);
  });

  it("rejects a bastion whose key is another, and reaches no host through it", async () => {
    const before = bastion.logins();
    const { code, text } = await project.up({ CONTRACT_BASTION_KEY: newKey().publicKey });
    expect(code).not.toBe(0);
    expect(text).toMatch(/proxy: .*host key mismatch/);
    expect({ bastion: bastion.logins() - before, host: host.logins() }).toEqual({ bastion: 0, host: 0 });
  });

  it("copies a folder into the target under its own name, a file under the target's, and runs a command", async () => {
    const before = bastion.logins();
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    expect(readFileSync(join(folder, "target", "source", "deep", "file.txt"), "utf8")).toBe("first\n");
    expect(readFileSync(join(folder, "copied.txt"), "utf8")).toBe("first\n");
    expect(await project.outputs()).toEqual({ stdout: "first\ninput nobody may read" });
    expect(bastion.logins() - before).toBe(host.logins());
  });

  it("keeps the key, the input and what came of it out of the state", () => {
    const state = project.stateText();
    expect(state).not.toContain("nobody may read");
    expect(state).not.toContain(operator.privateKey.split("\n")[1]);
  });

  it("changes nothing in a refresh, and nothing in an update without a change", async () => {
    const refreshed = await project.refresh();
    expect({ code: refreshed.code, changes: refreshed.changes }, refreshed.text).toEqual({
      code: 0,
      changes: { same: 4 },
    });
    const again = await project.up();
    expect({ code: again.code, changes: again.changes }, again.text).toEqual({ code: 0, changes: { same: 4 } });
  });

  it("copies again what changed, and runs the command for updates when its input changed", async () => {
    writeFileSync(join(folder, "source", "deep", "file.txt"), "second\n");
    const { code, text, changes } = await project.up({ CONTRACT_STDIN: "other" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { update: 3, same: 1 } });
    expect(await project.outputs()).toEqual({ stdout: "second" });
  });

  it("runs the command for deletion when it is destroyed", async () => {
    const { code, text } = await project.destroy();
    expect(code, text).toBe(0);
    expect(existsSync(join(folder, "copied.txt"))).toBe(false);
  });
});
