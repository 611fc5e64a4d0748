import { statSync } from "node:fs";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { withPreviewedEngine } from "../../components/runtime/docker/previewed-engine.ts";
import { ensureToolchain } from "../../infra/toolchain/toolchain.ts";
import { type Daemon, startDaemon } from "./docker-daemon.ts";
import { EngineProject } from "./engine-project.ts";

const started = await startDaemon();
if (typeof started === "string") console.warn(`skipped: the docker plugin on a real engine: ${started}`);

/** Written so that the official plugin passes, too. */
describe.skipIf(typeof started === "string")("the docker plugin on a real engine", () => {
  const daemon = started as Daemon;
  let project: EngineProject;

  beforeAll(async () => {
    const { programs } = await ensureToolchain(["node_exporter"]);
    await daemon.importImage("contract:1", [programs.get("node_exporter") ?? ""]);
    project = await EngineProject.create({
      program: "docker.ts",
      env: { CONTRACT_HOST: daemon.host },
      prefix: daemon.prefix,
    });
  });
  afterAll(async () => {
    project?.remove();
    await daemon.stop();
  });

  const inspect = (): Promise<Docker.ContainerInspectInfo> => daemon.client.getContainer("contract").inspect();
  const metrics = () => daemon.fetch("http://127.0.0.1:9100/metrics").body;

  it("previews without an engine, but for an answer to the question whether there is one", async () => {
    vi.stubEnv("DOCKER_HOST", "unix:///nowhere.sock");
    const { code, text, changes } = await withPreviewedEngine(undefined, ({ DOCKER_HOST = "" }) =>
      project.preview({ CONTRACT_HOST: DOCKER_HOST }),
    );
    vi.unstubAllEnvs();
    expect({ code, changes }, text).toEqual({ code: 0, changes: { create: 6 } });
  });

  it("runs a container with its files, its limits and its port, and waits until it is healthy", async () => {
    const { code, text } = await project.up();
    expect(code, text).toBe(0);
    const { State, HostConfig } = await inspect();
    expect(State.Health?.Status).toBe("healthy");
    expect(HostConfig).toMatchObject({
      Memory: 64 * 2 ** 20,
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
    });
    expect(metrics()).toContain('contract_text{text="one"} 1');
  });

  it("gives a new volume to the user of the container", async () => {
    const mount = (await inspect()).Mounts.find(({ Destination }) => Destination === "/data");
    const { uid, mode } = statSync(mount?.Source ?? "");
    expect({ uid, mode: mode & 0o777 }).toEqual({ uid: 10001, mode: 0o700 });
  });

  it("keeps a secret file out of the state", () => {
    expect(project.stateText()).not.toContain("nobody may read");
  });

  it("changes nothing in a refresh, and nothing in an update without a change", async () => {
    const refreshed = await project.refresh();
    expect({ code: refreshed.code, changes: refreshed.changes }, refreshed.text).toEqual({
      code: 0,
      changes: { same: 6 },
    });
    const again = await project.up();
    expect({ code: again.code, changes: again.changes }, again.text).toEqual({ code: 0, changes: { same: 6 } });
  });

  it("raises a limit in place", async () => {
    const { Id } = await inspect();
    const { code, text, changes } = await project.up({ CONTRACT_MEMORY: "128" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { update: 1, same: 5 } });
    const after = await inspect();
    expect({ id: after.Id, memory: after.HostConfig.Memory }).toEqual({ id: Id, memory: 128 * 2 ** 20 });
  });

  it("replaces the container when one of its files changes, and keeps the volume", async () => {
    const { code, text, changes } = await project.up({ CONTRACT_MEMORY: "128", CONTRACT_TEXT: "two" });
    expect({ code, changes }, text).toEqual({ code: 0, changes: { replace: 1, same: 5 } });
    expect(metrics()).toContain('contract_text{text="two"} 1');
  });

  it("brings back a container that somebody removed", async () => {
    await daemon.client.getContainer("contract").remove({ force: true });
    const env = { CONTRACT_MEMORY: "128", CONTRACT_TEXT: "two" };
    const refreshed = await project.refresh(env);
    expect(refreshed.code, refreshed.text).toBe(0);
    const { code, text, changes } = await project.up(env);
    expect({ code, changes }, text).toEqual({ code: 0, changes: { create: 1, same: 5 } });
  });

  it("fails with a container that cannot run, and heals with the next update", async () => {
    const env = { CONTRACT_MEMORY: "128", CONTRACT_TEXT: "two" };
    const broken = await project.up({ ...env, CONTRACT_FLAG: "--no-such-flag" });
    expect(broken.code).not.toBe(0);
    expect(broken.text).toMatch(/container (exited|failed to be in healthy state)/);
    const { code, text } = await project.up(env);
    expect(code, text).toBe(0);
    expect(metrics()).toContain('contract_text{text="two"} 1');
  });

  it("leaves nothing behind", async () => {
    const { code, text } = await project.destroy();
    expect(code, text).toBe(0);
    expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    expect((await daemon.client.listVolumes()).Volumes).toEqual([]);
    const networks = (await daemon.client.listNetworks()).map(({ Name }) => Name);
    expect(networks.toSorted()).toEqual(["bridge", "host", "none"]);
  });
});
