import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findEngineProblems } from "../../../components/runtime/docker/preflight.ts";
import { withPreviewedEngine } from "../../../components/runtime/docker/previewed-engine.ts";

describe("a preview of a docker environment", () => {
  beforeEach(() => {
    vi.stubEnv("DOCKER_HOST", "unix:///nonexistent.sock");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("finds somebody who answers where no engine does, for as long as it runs", async () => {
    const socket = await withPreviewedEngine(undefined, async ({ DOCKER_HOST }) => {
      expect(await findEngineProblems(DOCKER_HOST)).toEqual([]);
      return DOCKER_HOST?.slice("unix://".length) ?? "";
    });
    expect(socket).not.toBe("");
    expect(existsSync(socket)).toBe(false);
  });

  it("leaves nobody behind when it fails", async () => {
    let socket = "";
    const failing = withPreviewedEngine(undefined, ({ DOCKER_HOST = "" }) => {
      socket = DOCKER_HOST.slice("unix://".length);
      return Promise.reject(new Error("refused by a policy"));
    });
    await expect(failing).rejects.toThrow("refused by a policy");
    expect(existsSync(socket)).toBe(false);
  });

  it("asks the engine that answers, and the one the environment names", async () => {
    const variablesOf = (host?: string) => withPreviewedEngine(host, (variables) => Promise.resolve(variables));
    expect(await variablesOf("tcp://engine.example.org:2376")).toEqual({});
    await withPreviewedEngine(undefined, async ({ DOCKER_HOST }) => {
      vi.stubEnv("DOCKER_HOST", DOCKER_HOST);
      expect(await variablesOf()).toEqual({});
    });
  });
});
