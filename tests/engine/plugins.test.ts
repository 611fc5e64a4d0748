import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ENGINE_PROGRAMS } from "../../infra/cli/engine-environment.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { ensurePlugins, pluginSources } from "../../infra/cli/plugins.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { toolchainPath } from "../../infra/toolchain/toolchain.ts";

/** Dev runs on Docker and has hosts over ssh. */
const dev = readEnvironment(PROJECT_ROOT, "dev");

describe("plugins of the engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-plugins-test-"));
  let mirror: Server;
  let env: NodeJS.ProcessEnv;
  let asked: string[] = [];

  beforeAll(async () => {
    mirror = createServer(({ url = "" }, response) => {
      asked.push(url);
      const file = join(folder, "served", url);
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => mirror.listen(0, "127.0.0.1", resolve));
  });

  beforeEach(() => {
    asked = [];
    const base = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/releases`;
    const home = mkdtempSync(join(folder, "home-"));
    // The tools the engine needs, and no plugin that a developer may have.
    const path = [...toolchainPath(ENGINE_PROGRAMS), "/usr/bin", "/bin"].join(":");
    env = {
      ...{ HOME: home, PATH: path, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      ...pluginSources({ GPU_OBSERVABILITY_RELEASES: base }),
    };
  });

  afterAll(() => {
    mirror.close();
    rmSync(folder, { recursive: true });
  });

  it("come from the mirror of releases, laid out as upstream's releases are", async () => {
    for (const [name, version] of [
      ["docker", "5.2.0"],
      ["command", "1.2.1"],
    ] as const)
      serve(name, version);
    await ensurePlugins(dev, env);
    expect(readdirSync(join(env["PULUMI_HOME"] ?? "", "plugins")).filter((name) => !name.endsWith(".lock"))).toEqual([
      "resource-command-v1.2.1",
      "resource-docker-v5.2.0",
    ]);
    asked = [];
    await ensurePlugins(dev, env);
    expect(asked).toEqual([]);
  });

  it("rejects what cannot be had, all plugins at once, before the engine begins", async () => {
    rmSync(join(folder, "served"), { recursive: true, force: true });
    await expect(ensurePlugins(dev, env)).rejects.toThrow(
      /plugin docker 5\.2\.0[^]*the download 404 HTTP error[^]*GPU_OBSERVABILITY_RELEASES=[^]*plugin command 1\.2\.1/,
    );
  });

  function serve(name: string, version: string): void {
    const arch = { x64: "amd64", arm64: "arm64" }[process.arch as "x64" | "arm64"];
    const at = join(folder, "served/releases/github.com/pulumi", `pulumi-${name}/releases/download/v${version}`);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(folder, `pulumi-resource-${name}`), "#!/bin/sh\n", { mode: 0o755 });
    const archive = join(at, `pulumi-resource-${name}-v${version}-linux-${arch}.tar.gz`);
    execFileSync("tar", ["-czf", archive, "-C", folder, `pulumi-resource-${name}`]);
  }
});
