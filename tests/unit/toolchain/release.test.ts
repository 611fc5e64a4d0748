import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { unpack } from "../../../infra/toolchain/archive.ts";
import { parseChecksum } from "../../../infra/toolchain/checksum.ts";
import { ensureToolchain } from "../../../infra/toolchain/toolchain.ts";
import { makeZip } from "../../support/release-mirror/zip.ts";
import { catalogueOf, FakeMachine } from "./support.ts";

let machine: FakeMachine;
let server: Server;
let base: string;
let served: Record<string, Buffer | string>;

beforeEach(async () => {
  machine = new FakeMachine();
  served = {};
  server = createServer(({ url = "" }, answer) => {
    const body = url === "/" ? "" : served[url];
    answer.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  machine.remove();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function release() {
  const arch = { amd64: "any", arm64: "any" };
  return { archive: `${base}/tool-{version}-{arch}.tar.gz`, checksums: `${base}/sums`, arch, strip: 1 };
}

/** The archive of a release: one folder that holds the program. */
function makeArchive(): Buffer {
  const folder = join(machine.root, "tool-1.0.0");
  mkdirSync(folder);
  writeFileSync(join(folder, "tool"), "#!/bin/sh\necho released\n");
  chmodSync(join(folder, "tool"), 0o755);
  execFileSync("tar", ["-czf", "archive.tar.gz", "tool-1.0.0"], { cwd: machine.root });
  return readFileSync(join(machine.root, "archive.tar.gz"));
}

const sumOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

describe("an official archive", () => {
  it("is preferred to a build when its published checksum agrees", async () => {
    const archive = makeArchive();
    served = { "/tool-1.0.0-any.tar.gz": archive, "/sums": `${sumOf(archive)}  tool-1.0.0-any.tar.gz\n` };
    const { programs } = await ensureToolchain(["tool"], machine.withGo().options(catalogueOf({ release: release() })));
    expect(execFileSync(programs.get("tool") ?? "", { encoding: "utf8" })).toBe("released\n");
    expect(machine.goCalls).toEqual([]);
  });

  it("is not asked for the files that only a built program needs beside it", async () => {
    const archive = makeArchive();
    served = { "/tool-1.0.0-any.tar.gz": archive, "/sums": `${sumOf(archive)}  tool-1.0.0-any.tar.gz\n` };
    const catalogue = catalogueOf({ release: release() });
    const companions = [{ name: "schema.json", moduleFile: "schema.json", onlyBuilt: true }];
    const tool = { source: "tool", package: "example.org/tool", member: "tool", companions };
    const { programs } = await ensureToolchain(["tool"], machine.options({ ...catalogue, programs: { tool } }));
    expect(execFileSync(programs.get("tool") ?? "", { encoding: "utf8" })).toBe("released\n");
    expect(existsSync(join(dirname(programs.get("tool") ?? ""), "schema.json"))).toBe(false);
  });

  it("gives way to a build when it lacks a file that its program needs", async () => {
    const archive = makeArchive();
    served = { "/tool-1.0.0-any.tar.gz": archive, "/sums": `${sumOf(archive)}  tool-1.0.0-any.tar.gz\n` };
    const catalogue = catalogueOf({ release: release() });
    const programs = { tool: { source: "tool", package: "example.org/tool", member: "elsewhere/tool" } };
    const obtained = await ensureToolchain(["tool"], machine.withGo().options({ ...catalogue, programs }));
    expect(execFileSync(obtained.programs.get("tool") ?? "", { encoding: "utf8" })).toBe("built\n");
    expect(machine.lines.join("\n")).toMatch(/archive lacks tool; building it with Go instead/);
  });

  it("rejects one that is not what its publisher's checksum says, and does not build around it", async () => {
    served = { "/tool-1.0.0-any.tar.gz": makeArchive(), "/sums": `${"0".repeat(64)}  tool-1.0.0-any.tar.gz\n` };
    const options = machine.withGo().options(catalogueOf({ release: release() }));
    await expect(ensureToolchain(["tool"], options)).rejects.toThrow(
      /expected {2}SHA-256 0{64}, as its publisher says/,
    );
    expect(machine.goCalls).toEqual([]);
    expect((await ensureToolchain([], machine.options())).programs.size).toBe(0);
  });

  it("is compared with a digest that is pinned, and its publisher's list is not asked", async () => {
    const archive = makeArchive();
    served = { "/tool-1.0.0-any.tar.gz": archive };
    const sums = (sum: string) => ({ ...release(), sha256: { amd64: sum, arm64: sum } });
    const ensure = (sum: string) =>
      ensureToolchain(["tool"], machine.withGo().options(catalogueOf({ release: sums(sum) })));
    await expect(ensure("0".repeat(64))).rejects.toThrow(/expected {2}SHA-256 0{64}, as versions.json says/);
    const { programs } = await ensure(sumOf(archive));
    expect(execFileSync(programs.get("tool") ?? "", { encoding: "utf8" })).toBe("released\n");
  });

  it("gives way to a build when it is not there, and says so", async () => {
    const options = machine.withGo().options(catalogueOf({ release: release() }));
    const { programs } = await ensureToolchain(["tool"], options);
    expect(execFileSync(programs.get("tool") ?? "", { encoding: "utf8" })).toBe("built\n");
    expect(machine.lines.join("\n")).toMatch(/answers 404; building it with Go instead/);
  });

  it("gives way to a build when no checksum is published for it", async () => {
    served = { "/tool-1.0.0-any.tar.gz": makeArchive(), "/sums": `${"0".repeat(64)}  another.tar.gz\n` };
    await ensureToolchain(["tool"], machine.withGo().options(catalogueOf({ release: release() })));
    expect(machine.lines.join("\n")).toMatch(/no checksum is published/);
  });

  it("is not looked for at all when offline is asked for", async () => {
    const options = machine.withGo().options(catalogueOf({ release: release() }));
    await ensureToolchain(["tool"], { ...options, offline: true });
    expect(machine.lines[0]).toMatch(/building tool with Go/);
  });
});

describe("published checksums", () => {
  const sum = "a".repeat(64);

  it.each([
    ["sha256sum's format", `${"b".repeat(64)}  other.zip\n${sum}  tool.zip\n`],
    ["its binary marker", `${sum} *tool.zip\n`],
    ["a leading folder", `${sum}  ./tool.zip\n`],
    ["a bare sum, as beside one archive", `${sum}\n`],
  ])("are read from %s", (_format, text) => {
    expect(parseChecksum(text, "tool.zip")).toBe(sum);
  });

  it("are not guessed from another file's line", () => {
    expect(parseChecksum(`${sum}  other.zip\n`, "tool.zip")).toBeUndefined();
  });
});

describe("a zip archive", () => {
  it("is unpacked, compressed or stored", () => {
    const file = join(machine.root, "tool.zip");
    writeFileSync(file, makeZip({ packed: "x".repeat(1000) }));
    unpack(file, join(machine.root, "out"), 0);
    expect(readFileSync(join(machine.root, "out", "packed"), "utf8")).toBe("x".repeat(1000));
  });

  it("rejects a path that leaves its folder", () => {
    const file = join(machine.root, "tool.zip");
    writeFileSync(file, makeZip({ "../outside": "x" }));
    expect(() => unpack(file, join(machine.root, "out"), 0)).toThrow(/a path that leaves its folder/);
  });

  it("rejects a file that is no archive", () => {
    const file = join(machine.root, "tool.zip");
    writeFileSync(file, "not a zip file, though its name says so");
    expect(() => unpack(file, join(machine.root, "out"), 0)).toThrow(/not a zip file/);
  });
});
