import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findEngineProblems } from "../../../components/runtime/docker/preflight.ts";

describe("the engine of a docker environment, before anything is created", () => {
  let folder: string;
  let server: Server | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gpu-observability-preflight-"));
  });
  afterEach(() => {
    server?.close();
    server = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  const listen = async (status: number) => {
    const socket = join(folder, "docker.sock");
    server = createServer(({ url }, response) => response.writeHead(url === "/_ping" ? status : 404).end());
    await new Promise<void>((resolve) => server?.listen(socket, resolve));
    return `unix://${socket}`;
  };

  it("is there when it answers", async () => {
    expect(await findEngineProblems(await listen(200))).toEqual([]);
  });

  it("rejects an engine that answers with an error", async () => {
    expect(await findEngineProblems(await listen(500))).toMatchObject([{ got: "HTTP 500" }]);
  });

  it("rejects a socket nobody made, and says how to name another engine", async () => {
    const host = `unix://${join(folder, "none.sock")}`;
    expect(await findEngineProblems(host)).toMatchObject([
      { path: `Docker engine ${host}`, got: "ENOENT", fix: expect.stringContaining("DOCKER_HOST=") as unknown },
    ]);
  });

  it("rejects a socket that nobody listens on any more", async () => {
    const file = join(folder, "stale.sock");
    writeFileSync(file, "");
    expect(await findEngineProblems(`unix://${file}`)).toMatchObject([{ got: "ECONNREFUSED" }]);
  });

  it("leaves engines behind ssh and TLS to the provider, which has their keys", async () => {
    expect(await findEngineProblems("ssh://operator@engine.invalid")).toEqual([]);
    expect(await findEngineProblems("tcp://engine.invalid:2376")).toEqual([]);
  });
});
