import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Architecture, CATALOGUE, type Catalogue, type Source } from "../../../infra/toolchain/catalogue.ts";
import { RELEASES_VARIABLE } from "../../../infra/toolchain/release-site.ts";
import { ensureToolchain, type ToolchainOptions } from "../../../infra/toolchain/toolchain.ts";
import { NETWORKS } from "../../support/networks.ts";
import { LAYOUTS } from "../../support/release-mirror/layouts.ts";
import { ReleaseMirror } from "../../support/release-mirror/mirror.ts";
import { packRelease } from "../../support/release-mirror/pack.ts";
import { FakeMachine } from "./support.ts";

const ARCHITECTURES = ["amd64", "arm64"] as const;
/** Each program prints its name. */
const contentOf = (program: string) => ({ text: `#!/bin/sh\necho released ${program}\n` });
const FILES = Object.fromEntries(
  ARCHITECTURES.map((arch) => [arch, LAYOUTS.flatMap((layout) => packRelease(layout, arch, contentOf))]),
);
/** No archive of a test is the one that was pinned: here its publisher's list decides. */
const UNPINNED: Catalogue = {
  ...CATALOGUE,
  sources: Object.fromEntries(
    Object.entries(CATALOGUE.sources).map(([name, { release, ...source }]): [string, Source] => {
      if (release === undefined) return [name, source];
      return [name, { ...source, release: { ...release, sha256: {} } }];
    }),
  ),
};
const RELEASED = Object.entries(CATALOGUE.programs).flatMap(([name, { source }]) =>
  CATALOGUE.sources[source]?.release === undefined ? [] : [name],
);

let machine: FakeMachine;
let mirror: ReleaseMirror;

beforeEach(async () => {
  machine = new FakeMachine();
  mirror = await ReleaseMirror.start(`${NETWORKS.releases}.1`);
});
afterEach(async () => {
  machine.remove();
  await mirror.stop();
});

/** A machine without Go that fetches from the mirror. */
function options(more: ToolchainOptions = {}): ToolchainOptions {
  const { env, ...own } = machine.optionsWithoutGo();
  return { ...own, catalogue: UNPINNED, env: { ...env, [RELEASES_VARIABLE]: mirror.base }, ...more };
}

describe.each(ARCHITECTURES)("every release, laid out as its publisher does for %s", (architecture: Architecture) => {
  beforeEach(() => mirror.serve(FILES[architecture] ?? []));

  it("is fetched, compared and unpacked without Go", async () => {
    const { programs, unavailable } = await ensureToolchain(RELEASED, options({ architecture }));
    expect(Object.fromEntries(unavailable)).toEqual({});
    for (const name of RELEASED) {
      const printed = execFileSync(programs.get(name) ?? "", { encoding: "utf8" });
      expect(printed).toBe(`released ${name}\n`);
    }
    expect(machine.lines.join("\n")).not.toMatch(/Go/);
  });
});

describe("a mirror of releases", () => {
  beforeEach(() => mirror.serve(FILES["amd64"] ?? []));
  const ensure = (names: readonly string[], more: ToolchainOptions = {}) =>
    ensureToolchain(names, options({ architecture: "amd64", ...more }));

  it("is asked once for an archive that two sources share, and nothing of it is left", async () => {
    const { programs } = await ensure(["pulumi", "pulumi-language-nodejs"]);
    expect([...programs.keys()]).toEqual(["pulumi", "pulumi-language-nodejs"]);
    expect(mirror.fetched("pulumi-v3.259.0-linux-x64.tar.gz")).toBe(1);
    expect(readdirSync(join(machine.cache, "work"))).toEqual([]);
  });

  it("gives the language host without the starter of policy packs, which a release runs by itself", async () => {
    const { programs } = await ensure(["pulumi-language-nodejs"]);
    const beside = readdirSync(dirname(programs.get("pulumi-language-nodejs") ?? ""));
    expect(beside.toSorted()).toEqual(["manifest.json", "pulumi-language-nodejs", "pulumi-resource-pulumi-nodejs"]);
  });

  it("gives Grafana with all its archive beside it", async () => {
    const { programs } = await ensure(["grafana"]);
    const home = join(dirname(programs.get("grafana") ?? ""), "..");
    expect(readFileSync(join(home, "conf", "defaults.ini"), "utf8")).not.toBe("");
  });

  it("is followed to where it redirects", async () => {
    mirror.break(".tar.gz", "redirected");
    const { programs } = await ensure(["tempo"]);
    expect(programs.has("tempo")).toBe(true);
  });

  it("is asked for everything below its own base, and no publisher is", async () => {
    await ensure(["tempo"]);
    expect(mirror.asked.every((line) => line.includes(" /releases/github.com/grafana/tempo/"))).toBe(true);
  });

  it("is asked again when another one did not answer a short while ago", async () => {
    const nowhere = { PATH: "", [RELEASES_VARIABLE]: `http://${NETWORKS.releases}.9:9` };
    expect((await ensure(["grafana"], { env: nowhere })).unavailable.get("grafana")).toMatch(/refuses connections/);
    expect((await ensure(["grafana"])).programs.has("grafana")).toBe(true);
  });

  it("serves a program that fits its pin and no other", async () => {
    mkdirSync(machine.cache);
    const { unavailable } = await ensure(["grafana"], { catalogue: CATALOGUE });
    expect(unavailable.get("grafana")).toMatch(/refused: .*expected SHA-256 6107ad27.*, as versions\.json says/);
  });

  it.each([
    ["no address", "mirror", "got       no address"],
    ["another protocol", "ftp://mirror.example.org/x", "got       an address of ftp://mirror.example.org"],
    ["a password", "https://me:hunter2@mirror.example.org", "got       an address of https://mirror.example.org"],
  ])("rejects %s as its base", async (_what, base, got) => {
    const refused = ensure(["tempo"], { env: { PATH: "", [RELEASES_VARIABLE]: base } });
    await expect(refused).rejects.toThrow(`environment variable ${RELEASES_VARIABLE}`);
    await expect(refused).rejects.toThrow(got);
    await expect(refused).rejects.not.toThrow("hunter2");
  });
});
