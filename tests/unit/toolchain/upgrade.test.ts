import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Catalogue, CATALOGUE, GO_FOLDER } from "../../../infra/toolchain/catalogue.ts";
import { ensureToolchain } from "../../../infra/toolchain/toolchain.ts";
import { findFalseLabels, moduleVersionOf } from "../../../infra/toolchain/true-versions.ts";
import { planUpgrade } from "../../../infra/toolchain/upgrade.ts";
import { messageOf } from "../../support/problems.ts";
import { catalogueOf, FakeMachine } from "./support.ts";

const TEXT = readFileSync(join(GO_FOLDER, "..", "versions.json"), "utf8");
const names = Object.keys(CATALOGUE.sources);
const upgraded = (name: string, version: string, moduleVersion?: string) => {
  const { text, ...more } = planUpgrade(TEXT, { name, version, moduleVersion });
  return { source: (JSON.parse(text) as Catalogue).sources[name]!, text, ...more };
};

describe("the label of a version", () => {
  it.each(names)("is what a build of %s runs", (name) => {
    expect(findFalseLabels(name, CATALOGUE.sources[name]!)).toEqual([]);
  });

  it("rejects a version that was changed alone, with both files' words and the command", () => {
    const { prometheus } = CATALOGUE.sources;
    expect(findFalseLabels("prometheus", { ...prometheus!, version: "3.16.0" })).toEqual([
      {
        path: "infra/toolchain/versions.json: sources.prometheus.build.moduleVersion",
        expected: "the version of github.com/prometheus/prometheus that is prometheus 3.16.0",
        got: "v0.315.0",
        fix: "npm run upgrade -- prometheus 3.16.0",
      },
    ]);
  });

  it("rejects a version that was changed with its module and without go.mod", () => {
    const { prometheus } = CATALOGUE.sources;
    const build = { ...prometheus!.build!, moduleVersion: "v0.316.0" };
    expect(findFalseLabels("prometheus", { ...prometheus!, version: "3.16.0", build })).toEqual([
      {
        path: "infra/toolchain/versions.json: sources.prometheus.build.moduleVersion",
        expected: "v0.315.0, as infra/toolchain/go/prometheus/go.mod, which decides what a build runs",
        got: "v0.316.0",
        fix: "npm run upgrade -- prometheus 3.16.0",
      },
    ]);
  });

  it("rejects it where the module's number follows from no rule", () => {
    const { tempo } = CATALOGUE.sources;
    expect(findFalseLabels("tempo", { ...tempo!, version: "2.10.0" })[0]?.got).toMatch(/, which stands for 2\.9\.0$/);
  });

  describe("of a program that is to be had", () => {
    let machine: FakeMachine;
    beforeEach(() => {
      machine = new FakeMachine();
    });
    afterEach(() => machine.remove());

    it("is judged before anything is built, and of one in the cache too", async () => {
      machine.withGo();
      const catalogue = catalogueOf({});
      const newer = { ...catalogue, sources: { tool: { ...catalogue.sources["tool"]!, version: "1.1.0" } } };
      await expect(ensureToolchain(["tool"], machine.options(newer))).rejects.toThrow("npm run upgrade -- tool 1.1.0");
      expect(machine.goCalls).toEqual([]);
      await ensureToolchain(["tool"], machine.options());
      writeFileSync(join(machine.goFolder, "tool", "go.mod"), "module test\n\nrequire example.org/tool v1.2.0\n");
      await expect(ensureToolchain(["tool"], machine.options())).rejects.toThrow("expected  v1.2.0, as infra/");
    });
  });
});

describe("an upgrade", () => {
  it.each([
    ["prometheus", "3.16.0", "v0.316.0"],
    ["prometheus", "3.9.2", "v0.309.2"],
    ["loki", "3.8.0", "v3.8.0"],
    ["tempo", "2.10.0", undefined],
  ])("numbers the module of %s %s", (name, version, module) => {
    expect(moduleVersionOf(CATALOGUE.sources[name]!, version)).toBe(module);
  });

  it("changes every place of one program and none of another", () => {
    const { source, required, isTidied, notes, text } = upgraded("prometheus", "3.16.0");
    expect(source).toMatchObject({ version: "3.16.0", image: "prom/prometheus:v3.16.0" });
    expect(source.build?.moduleVersion).toBe("v0.316.0");
    expect([required, isTidied, notes]).toEqual(["github.com/prometheus/prometheus@v0.316.0", true, []]);
    const changed = text.split("\n").filter((line, index) => line !== TEXT.split("\n")[index]);
    expect(changed).toHaveLength(3);
  });

  it("changes a program's flags, an archive's folder and what a module stands for", () => {
    const { source: kubernetes } = upgraded("kubernetes", "1.37.0");
    expect(kubernetes.build?.ldflags).toMatch(/gitVersion=v1\.37\.0 .*gitMajor=1 .*gitMinor=37$/);
    const { source: jaeger } = upgraded("jaeger", "2.14.0", "v1.77.0");
    expect(jaeger.release?.archive).toContain("/download/v1.77.0/");
    expect(jaeger.build).toMatchObject({ moduleVersion: "v1.77.0", standsFor: "2.14.0" });
  });

  it("takes pinned digests away and says how to pin", () => {
    const { source, required, notes } = upgraded("grafana", "13.3.0");
    expect([source.release?.sha256, required]).toEqual([undefined, undefined]);
    expect(notes.join()).toContain('"sha256": { "amd64"');
  });

  it.each([
    ["a program nobody knows", "promethues", "3.16.0", 'did you mean "prometheus"?'],
    ["a version with a v", "prometheus", "v3.16.0", "npm run upgrade -- prometheus 3.16.0"],
    ["a module whose number follows from no rule", "tempo", "2.10.0", "npm run upgrade -- tempo 2.10.0 --module"],
    ["the collector, which is made of many modules", "otelcol", "0.150.0", "generate-collector.ts"],
  ])("rejects %s", (_, name, version, fix) => {
    expect(messageOf(() => upgraded(name, version))).toContain(fix);
  });
});
