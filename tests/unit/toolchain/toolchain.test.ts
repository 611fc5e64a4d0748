import { execFileSync, spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureToolchain } from "../../../infra/toolchain/toolchain.ts";
import { catalogueOf, FakeMachine } from "./support.ts";

let machine: FakeMachine;

beforeEach(() => {
  machine = new FakeMachine();
});

afterEach(() => machine.remove());

async function obtainTool(): Promise<string> {
  const { programs } = await ensureToolchain(["tool"], machine.options());
  return programs.get("tool") ?? "";
}

describe("a program that is missing", () => {
  it("is built with Go from pinned modules only, and is there from then on", async () => {
    machine.withGo();
    const path = await obtainTool();
    expect(execFileSync(path, { encoding: "utf8" })).toBe("built\n");
    expect(machine.goCalls.find((call) => call.startsWith("build"))).toMatch(
      /^build -mod=readonly -tags slim -ldflags -s -w -o .* example\.org\/tool$/,
    );
    const calls = machine.goCalls.length;
    expect(await obtainTool()).toBe(path);
    expect(machine.goCalls).toHaveLength(calls);
  });

  it("is announced with what is done, how far, and how long it usually takes", async () => {
    await ensureToolchain(["tool"], machine.withGo().options());
    expect(machine.lines[0]).toMatch(/building tool with Go \(usually about 60 s on 2 cores/);
    expect(machine.lines[1]).toMatch(/^\[1\/1\] tool 1\.0\.0: building with Go/);
    expect(machine.lines[2]).toMatch(/^\[1\/1\] tool 1\.0\.0: ready after/);
  });

  it("is built once when two clones want it at the same time", async () => {
    machine.withGo();
    await Promise.all([obtainTool(), obtainTool()]);
    expect(machine.goCalls.filter((call) => call.startsWith("build"))).toHaveLength(1);
  });

  it("is left out with a reason when nothing but an archive exists and it cannot be reached", async () => {
    const release = {
      archive: "http://127.0.0.1:9/tool.tar.gz",
      checksums: "http://127.0.0.1:9/sums",
      arch: { amd64: "amd64", arm64: "arm64" },
      strip: 0,
    };
    const options = machine.options(catalogueOf({ release, build: false }));
    const { programs, unavailable } = await ensureToolchain(["tool"], options);
    expect(programs.size).toBe(0);
    expect(unavailable.get("tool")).toMatch(/official archive, which cannot be reached/);
  });
});

describe("a cached program that is damaged", () => {
  it("is noticed, said and obtained again", async () => {
    machine.withGo();
    const path = await obtainTool();
    appendFileSync(path, "rubbish");
    machine.lines.length = 0;
    expect(await obtainTool()).toBe(path);
    expect(machine.lines[0]).toMatch(/tool is damaged \(\d+ bytes instead of \d+\); obtaining it again/);
    expect(readFileSync(path, "utf8")).not.toContain("rubbish");
  });

  it("is noticed by its checksum when only its contents changed", async () => {
    machine.withGo();
    const path = await obtainTool();
    writeFileSync(path, readFileSync(path, "utf8").replace("built", "BUILT"));
    await obtainTool();
    expect(machine.lines.join("\n")).toMatch(/damaged \(its SHA-256 is not the one recorded/);
    expect(execFileSync(path, { encoding: "utf8" })).toBe("built\n");
  });

  it("is noticed by a thorough look even when its time was kept", async () => {
    machine.withGo();
    const path = await obtainTool();
    const { atimeMs, mtimeMs } = statSync(path);
    writeFileSync(path, readFileSync(path, "utf8").replace("built", "BUILT"));
    utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
    await ensureToolchain(["tool"], { ...machine.options(), thorough: true });
    expect(execFileSync(path, { encoding: "utf8" })).toBe("built\n");
  });

  it("is taken as it is when only its time changed, as in a copied cache", async () => {
    machine.withGo();
    const path = await obtainTool();
    utimesSync(path, 1, 1);
    const builds = machine.goCalls.length;
    await obtainTool();
    expect(machine.goCalls).toHaveLength(builds);
  });

  it("counts as missing when its manifest, which is written last, is not there", async () => {
    machine.withGo();
    const path = await obtainTool();
    rmSync(join(path, "..", "manifest.json"));
    expect(await obtainTool()).toBe(path);
    expect(machine.goCalls.filter((call) => call.startsWith("build"))).toHaveLength(2);
  });
});

describe("an attempt that was killed", () => {
  it("leaves nothing that is found, and the next attempt tidies up and succeeds", async () => {
    machine.withSlowGo();
    const options = JSON.stringify(machine.options());
    const script = `const { ensureToolchain } = await import(${JSON.stringify(
      join(import.meta.dirname, "../../../infra/toolchain/toolchain.ts"),
    )}); await ensureToolchain(["tool"], ${options});`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
    for (let tries = 0; !machine.goCalls.includes("waiting") && tries < 200; tries += 1) await sleep(50);
    const ended = new Promise((resolve) => child.on("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(join(machine.cache, "programs", "tool"))).toBe(false);
    expect(readdirSync(join(machine.cache, "work"))).toHaveLength(1);
    writeFileSync(machine.gate, "");
    expect(execFileSync(await obtainTool(), { encoding: "utf8" })).toBe("built\n");
    expect(readdirSync(join(machine.cache, "work"))).toEqual([]);
    expect(readdirSync(join(machine.cache, "locks"))).toEqual([]);
  });
});

describe("bad surroundings", () => {
  it("rejects a machine without Go, saying what to install", async () => {
    await expect(ensureToolchain(["tool"], machine.optionsWithoutGo())).rejects.toThrow(
      /Go\n {4}expected {2}Go 1\.26 or newer on PATH.*\n {4}got {7}no working go program on PATH\n {4}fix {7}install Go 1\.26/,
    );
  });

  it("rejects a Go that is too old, saying which it found", async () => {
    await expect(ensureToolchain(["tool"], machine.withGo("1.25.9").options())).rejects.toThrow(/got {7}Go 1\.25\.9/);
    expect(machine.goCalls.some((call) => call.startsWith("build"))).toBe(false);
  });

  it("rejects a cache folder that cannot be made", async () => {
    const cache = join(machine.root, "occupied");
    writeFileSync(cache, "a file");
    await expect(ensureToolchain(["tool"], { ...machine.withGo().options(), cache })).rejects.toThrow(
      /occupied\n {4}expected {2}a cache folder this user may write to[\s\S]*fix .*XDG_CACHE_HOME=/,
    );
  });

  it("rejects a cache folder in a place that takes none", async () => {
    await expect(
      ensureToolchain(["tool"], { ...machine.withGo().options(), cache: "/proc/self/cache" }),
    ).rejects.toThrow(/\/proc\/self\/cache[\s\S]*got {7}a place that takes no folders/);
  });

  it("rejects a cache folder without space before anything is built", async () => {
    const options = { ...machine.withGo().options(), freeMiB: () => 12 };
    await expect(ensureToolchain(["tool"], options)).rejects.toThrow(/at least 1024 MiB free[\s\S]*got {7}12 MiB free/);
    expect(machine.goCalls).toEqual([]);
  });

  it("rejects a build that fails, with the end of what Go said", async () => {
    machine.withFailingGo("example.org/tool: undefined: Missing");
    await expect(obtainTool()).rejects.toThrow(
      /tool, built with Go[\s\S]*example\.org\/tool: undefined: Missing[\s\S]*run the command again/,
    );
  });

  it("rejects a full disk under Go's own caches in those words", async () => {
    machine.withFailingGo("write /x: no space left on device");
    await expect(obtainTool()).rejects.toThrow(/space for Go's build cache[\s\S]*GOCACHE=/);
  });
});
