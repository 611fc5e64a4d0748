import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CATALOGUE, entriesOf, GO_FOLDER, versionKey } from "../../../infra/toolchain/catalogue.ts";

const release = z.strictObject({
  archive: z.url({ protocol: /^https$/ }),
  checksums: z.url({ protocol: /^https$/ }),
  sha256: z.partialRecord(z.enum(["amd64", "arm64"]), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
  arch: z.strictObject({ amd64: z.string(), arm64: z.string() }),
  strip: z.int().min(0),
  keepAll: z.boolean().optional(),
  spaceMiB: z.int().positive().optional(),
});

const build = z.strictObject({
  kind: z.enum(["module", "copy"]),
  module: z.string(),
  moduleVersion: z.string().regex(/^v\d/),
  standsFor: z.string().optional(),
  edits: z.array(z.string().startsWith("-")).optional(),
  tags: z.array(z.string()),
  ldflags: z.string().startsWith("-s -w"),
  usualSeconds: z.int().positive(),
});

const catalogue = z.strictObject({
  go: z.strictObject({ minimum: z.string().regex(/^\d+\.\d+$/) }),
  sources: z.record(
    z.string(),
    z.strictObject({
      version: z.string().regex(/^\d+\.\d+\.\d+/),
      image: z.string().optional(),
      command: z.array(z.string()).min(1).optional(),
      release: release.optional(),
      build: build.optional(),
      absent: z.string().optional(),
    }),
  ),
  programs: z.record(
    z.string(),
    z.strictObject({
      source: z.string(),
      package: z.string().optional(),
      member: z.string().optional(),
      companions: z
        .array(z.strictObject({ name: z.string(), moduleFile: z.string(), onlyBuilt: z.literal(true).optional() }))
        .optional(),
    }),
  ),
});

const sources = Object.entries(CATALOGUE.sources);
const built = sources.flatMap(([name, source]) => (source.build === undefined ? [] : [{ name, ...source.build }]));

describe("versions.json, the only list of versions", () => {
  it("has the shape its readers rely on", () => {
    expect(catalogue.safeParse(CATALOGUE).error?.issues).toBeUndefined();
  });

  it("pins everything: nothing is called latest", () => {
    expect(JSON.stringify(CATALOGUE)).not.toMatch(/latest|:main\b|:master\b/);
  });

  it("gives every program a source, and every source a release, a build or a reason for neither", () => {
    const entries = entriesOf(Object.keys(CATALOGUE.programs), CATALOGUE);
    for (const { name, source, program } of entries) {
      expect(source.release ?? source.build ?? source.absent, name).toBeDefined();
      if (source.build !== undefined) expect(program.package, name).toBeDefined();
      if (source.release !== undefined) expect(program.member, name).toBeDefined();
    }
  });

  it("names every image by the version of its program, with a tag", () => {
    for (const [name, { image, version }] of sources) {
      if (image !== undefined) expect(image, name).toMatch(new RegExp(`:v?${version.replaceAll(".", "\\.")}`));
    }
  });

  it.each(built)("pins the module of $name and its hash in go.mod and go.sum", ({ name, module, moduleVersion }) => {
    const [mod, sum] = ["go.mod", "go.sum"].map((file) => readFileSync(join(GO_FOLDER, name, file), "utf8"));
    expect(mod).toContain(`${module} ${moduleVersion}`);
    expect(sum).toContain(`${module} ${moduleVersion} h1:`);
  });

  it("replaces no module by a folder and asks for no newer Go than it promises", () => {
    for (const folder of readdirSync(GO_FOLDER)) {
      const mod = readFileSync(join(GO_FOLDER, folder, "go.mod"), "utf8");
      expect(mod, folder).not.toMatch(/=> *[./]/);
      const [, minor] = /^go 1\.(\d+)\.0$/m.exec(mod) ?? [];
      expect(Number(minor), folder).toBeLessThanOrEqual(Number(CATALOGUE.go.minimum.split(".")[1]));
    }
  });

  it("gives what is built from a release's source no other version than the release", () => {
    const { kubernetes, etcd, kwok } = CATALOGUE.sources;
    expect(kubernetes?.build?.moduleVersion).toBe(`v${kubernetes?.version}`);
    expect(kubernetes?.build?.ldflags).toContain(`gitVersion=v${kubernetes?.version} `);
    expect([etcd?.build?.moduleVersion, kwok?.build?.moduleVersion]).toEqual([
      `v${etcd?.version}`,
      `v${kwok?.version}`,
    ]);
  });

  it("builds the Kubernetes plugin whose SDK the stacks are written against", () => {
    const { dependencies } = JSON.parse(readFileSync(join(GO_FOLDER, "../../../package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const { version, build } = CATALOGUE.sources["pulumi-resource-kubernetes"] ?? {};
    expect(version).toBe(dependencies["@pulumi/kubernetes"]);
    expect(build?.ldflags).toMatch(new RegExp(`version\\.Version=${version}$`));
  });

  it("builds the collector of the version its component names are pinned to (C-10)", () => {
    const manifest = readFileSync(join(GO_FOLDER, "otelcol", "manifest.yaml"), "utf8");
    expect(manifest).toContain(`version: ${CATALOGUE.sources["otelcol"]?.version}`);
    expect(manifest).not.toMatch(/v0\.(?!145\.0)\d+\.\d+/);
  });

  it("keeps another folder for another version, recipe or pinned hash", () => {
    const [entry] = entriesOf(["tempo"], CATALOGUE);
    if (entry === undefined) throw new Error("tempo is gone");
    const newer = { ...entry, source: { ...entry.source, version: "9.9.9" } };
    const keys = [versionKey(entry), versionKey(newer), versionKey(entry, join(GO_FOLDER, "nowhere"))];
    expect(new Set(keys).size).toBe(3);
  });

  it("rejects a program it does not know, with the names it knows", () => {
    expect(() => entriesOf(["promtheus"], CATALOGUE)).toThrow(/expected {2}one of .*prometheus[\s\S]*got {7}promtheus/);
  });
});
