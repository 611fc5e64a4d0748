import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../infra/toolchain/catalogue.ts";
import { leftOutReason } from "../../../infra/toolchain/memory.ts";
import { RELEASES_VARIABLE } from "../../../infra/toolchain/release-site.ts";
import { ensureToolchain, type ToolchainOptions } from "../../../infra/toolchain/toolchain.ts";
import { NETWORKS } from "../../support/networks.ts";
import { LAYOUTS } from "../../support/release-mirror/layouts.ts";
import { ReleaseMirror } from "../../support/release-mirror/mirror.ts";
import { packRelease, sha256 } from "../../support/release-mirror/pack.ts";
import { FakeMachine } from "./support.ts";

/** Larger than what a connection and a disk hold between them. */
const LARGE = `#!/bin/sh\necho released\nexit\n${randomBytes(4_000_000).toString("base64")}\n`;
const pack = (text: string) =>
  LAYOUTS.filter(({ source }) => ["tempo", "jaeger", "greptimedb"].includes(source)).flatMap((layout) =>
    packRelease(layout, "amd64", () => ({ text })),
  );
const FILES = pack(LARGE);
const TEMPO = "tempo_2.9.0_linux_amd64.tar.gz";
const GREPTIMEDB = "greptime-linux-amd64-v1.2.0.tar.gz";

let machine: FakeMachine;
let mirror: ReleaseMirror;

beforeEach(async () => {
  machine = new FakeMachine();
  mirror = await ReleaseMirror.start(`${NETWORKS.releases}.2`);
  mirror.serve(FILES);
});
afterEach(async () => {
  machine.remove();
  await mirror.stop();
});

/** A machine without Go that fetches from the mirror. */
function options(): ToolchainOptions {
  const { env, ...own } = machine.optionsWithoutGo();
  const to = { ...env, [RELEASES_VARIABLE]: mirror.base };
  return { ...own, catalogue: CATALOGUE, architecture: "amd64", env: to };
}
const ensure = (...names: readonly string[]) => ensureToolchain(names, options());
const messageOf = (refused: Promise<unknown>) =>
  refused.then(
    () => "nothing was refused",
    (error: Error) => error.message,
  );

describe("a program that could be built, on a machine without Go", () => {
  it.each([
    ["missing", "GET", "tempo cannot be had as an archive: .* answers 404"],
    ["broken", "GET", "tempo cannot be had as an archive: .*: the server closed the connection before the end"],
    ["forbidden", "HEAD", "the official archives cannot be had here \\(.* answers 403\\)"],
    [
      "closed",
      "HEAD",
      "the official archives cannot be had here \\(.*: the server closed the connection before the end",
    ],
  ] as const)("rejects an archive that is %s, and says that Go would be needed, and why", async (fault, _at, why) => {
    mirror.break(TEMPO, fault);
    const text = await messageOf(ensure("tempo"));
    expect(text).toMatch(new RegExp(`Go\n {4}expected {2}Go 1.26 or newer on PATH, because ${why}`));
    expect(text).toMatch(
      /got {7}no working go program on PATH\n {4}fix {7}install Go 1\.26 .*GPU_OBSERVABILITY_RELEASES/,
    );
    expect(text).not.toContain("XDG_CACHE_HOME");
  });

  it.each(["changed", "truncated"] as const)(
    "rejects an archive that is %s, by its publisher's checksum",
    async (fault) => {
      mirror.break(TEMPO, fault);
      const text = await messageOf(ensure("tempo"));
      const listed = sha256(FILES.find(({ address }) => address.endsWith(TEMPO))?.content ?? Buffer.alloc(0));
      expect(text).toContain(`expected  SHA-256 ${listed}, as its publisher says`);
      expect(text).toContain(`https://github.com/grafana/tempo/releases/download/v2.9.0/${TEMPO}`);
    },
  );

  it("rejects what its publisher's checksum fits and no program can unpack", async () => {
    const content = Buffer.from("not an archive");
    const at = "github.com/grafana/tempo/releases/download/v2.9.0";
    mirror.serve([
      { address: `${at}/${TEMPO}`, content },
      { address: `${at}/SHA256SUMS`, content: Buffer.from(`${sha256(content)}  ${TEMPO}\n`) },
    ]);
    expect(await messageOf(ensure("tempo"))).toMatch(
      /expected {2}an archive that can be unpacked[\s\S]*got {7}tempo_2/,
    );
  });

  it("is fetched from a server that speaks HTTP/1.0 and ends each connection, beside a download that fails", async () => {
    mirror.break(TEMPO, "http-1.0");
    mirror.break(GREPTIMEDB, "closed");
    const { programs, unavailable } = await ensure("tempo", "greptimedb");
    expect([...programs.keys()]).toEqual(["tempo"]);
    expect(unavailable.get("greptimedb")).toMatch(/the server closed the connection before the end/);
  });

  it("rejects another archive under the name of one that was fetched before, whatever its list says", async () => {
    await ensure("tempo");
    rmSync(join(machine.cache, "programs"), { recursive: true });
    mirror.serve(pack(`${LARGE}another\n`));
    const text = await messageOf(ensure("tempo"));
    expect(text).toMatch(/expected {2}SHA-256 [0-9a-f]{64}, as when this machine first fetched it \(20/);
    const [, note = ""] = /to accept the new one: rm (\S+)/.exec(text) ?? [];
    rmSync(note);
    expect((await ensure("tempo")).programs.has("tempo")).toBe(true);
  });
});

describe("a program that exists as an archive alone", () => {
  it.each([
    ["changed", /its archive was refused: .*expected SHA-256 .*, as its publisher says, got SHA-256/],
    ["missing", /answers 404/],
    ["broken", /the server closed the connection before the end/],
  ] as const)("is left out aloud when its archive is %s, and the others are there", async (fault, reason) => {
    mirror.break(GREPTIMEDB, fault);
    const { programs, unavailable } = await ensure("tempo", "greptimedb");
    expect([...programs.keys()]).toEqual(["tempo"]);
    expect(unavailable.get("greptimedb")).toMatch(reason);
    expect(machine.lines.join("\n")).toMatch(/^WARNING: greptimedb is left out: /m);
    expect(leftOutReason(machine.cache, "greptimedb")).toMatch(reason);
  });
});

describe("a Go that is there", () => {
  it("rejects to build in the place of an archive when it is too old", async () => {
    mirror.break(TEMPO, "missing");
    machine.withGo("1.25.9");
    const { env } = options();
    const refused = ensureToolchain(["tempo"], { ...options(), env: { ...machine.options().env, ...pick(env) } });
    expect(await messageOf(refused)).toMatch(/because tempo cannot be had as an archive[\s\S]*got {7}Go 1\.25\.9/);
  });
});

const pick = (env: NodeJS.ProcessEnv = {}) => ({ [RELEASES_VARIABLE]: env[RELEASES_VARIABLE] });

describe("the room for archives", () => {
  it("is asked for before a large one is fetched: Grafana's takes 1.5 GiB beside the rest", async () => {
    const refused = ensureToolchain(["grafana", "tempo"], { ...options(), freeMiB: () => 2000 });
    expect(await messageOf(refused)).toMatch(/at least 2560 MiB free[\s\S]*got {7}2000 MiB free/);
    expect(mirror.asked.some((line) => line.startsWith("GET"))).toBe(false);
  });

  it.skipIf(process.getuid?.() !== 0).each([
    ["to fetch", 1],
    ["to unpack", 5],
  ])("rejects a full file system, when there is none left %s", async (_what, sizeMiB) => {
    mkdirSync(machine.cache);
    const { cache, env } = options();
    const script = join(machine.root, "full.ts");
    const from = JSON.stringify(join(import.meta.dirname, "../../../infra/toolchain/toolchain.ts"));
    const given = JSON.stringify({ cache, env, architecture: "amd64" });
    writeFileSync(
      script,
      `import { ensureToolchain } from ${from};
       await ensureToolchain(["tempo"], { ...${given}, freeMiB: () => 9999, onProgress: () => {} })
         .catch((error) => { console.log(error.name, error.message); });\n`,
    );
    const mount = `mount -t tmpfs -o size=${sizeMiB}m tmpfs "${cache}" && exec "${process.execPath}" "${script}"`;
    const { stdout } = await promisify(execFile)("unshare", ["--mount", "sh", "-c", mount]);
    expect(stdout).toMatch(/^ConfigError/);
    expect(stdout).toMatch(
      /got {7}no space left\n {4}fix {7}free some space, or choose another folder: XDG_CACHE_HOME=/,
    );
  });
});

it("leaves no work behind a refused archive", async () => {
  mirror.break(TEMPO, "changed");
  await messageOf(ensure("tempo"));
  expect(readdirSync(join(machine.cache, "work"))).toEqual([]);
});
