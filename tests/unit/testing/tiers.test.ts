import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../../infra/cli/folders.ts";
import { parseTestArguments } from "../../../infra/cli/testing/arguments.ts";
import { planPasses } from "../../../infra/cli/testing/run-tier.ts";
import { chooseFiles, definitionOf, filesOf, TIER_NAMES } from "../../../infra/cli/testing/tiers.ts";
import { NETWORKS } from "../../support/networks.ts";

const OWN_NAMESPACE = [
  "tests/engine/docker-runtime.test.ts",
  "tests/engine/programs/docker-runtime.ts",
  "tests/engine/stacks.test.ts",
];

describe("the tiers", () => {
  it("hold every test file exactly once", () => {
    const all = globSync("tests/**/*.test.ts", { cwd: PROJECT_ROOT }).toSorted();
    expect(TIER_NAMES.flatMap((tier) => filesOf(tier)).toSorted()).toEqual(all);
  });

  it("name only files that exist among those that run alone", () => {
    for (const tier of TIER_NAMES) {
      const { alone = {} } = definitionOf(tier);
      expect(filesOf(tier)).toEqual(expect.arrayContaining(Object.keys(alone)));
    }
  });

  it("run every file they choose in one pass or the other", () => {
    for (const tier of TIER_NAMES) {
      const files = filesOf(tier);
      expect(
        planPasses(tier, files)
          .flatMap((pass) => pass.files)
          .toSorted(),
      ).toEqual(files);
    }
  });
});

describe("a test command", () => {
  it("finds files of any tier by a word", () => {
    const chosen = chooseFiles(TIER_NAMES, ["upgrade"]);
    expect([...chosen]).toEqual([
      ["unit", ["tests/unit/toolchain/upgrade.test.ts"]],
      ["kubernetes", ["tests/kubernetes/upgrade.test.ts"]],
      ["integration", ["tests/integration/upgrade.test.ts"]],
    ]);
  });

  it("rejects each word that no test file holds", () => {
    expect(() => chooseFiles(TIER_NAMES, ["upgrade", "upgrad3", "nothing-like-it"])).toThrow(
      /got +"upgrad3"[^]*got +"nothing-like-it"/,
    );
  });

  it("reads words, and the file that keeps the times", () => {
    expect(parseTestArguments(["loss", "--timings", "times.json", "drift"])).toEqual({
      words: ["loss", "drift"],
      timings: "times.json",
    });
    expect(parseTestArguments([])).toEqual({ words: [] });
  });

  it("rejects a flag it does not know, and --timings without a file", () => {
    expect(() => parseTestArguments(["--bail"])).toThrow(/got +"--bail"/);
    expect(() => parseTestArguments(["--timings"])).toThrow(/a file to write/);
    expect(() => parseTestArguments(["--timings", "--bail"])).toThrow(/a file to write/);
  });
});

describe("the loopback networks of tests", () => {
  it("are all different, so that files can run side by side", () => {
    const networks = Object.values(NETWORKS);
    expect(new Set(networks).size).toBe(networks.length);
  });

  it("are written nowhere else", () => {
    const files = globSync("tests/{config,datadog,engine,hosts,integration,kubernetes,live,policy}/**/*.ts", {
      cwd: PROJECT_ROOT,
    });
    const written = files.filter((file) =>
      /["/]127\.(?!0\.0)\d+\.\d+/.test(readFileSync(join(PROJECT_ROOT, file), "utf8").replaceAll("`", '"')),
    );
    // These listen in a network namespace of their own.
    expect(written.toSorted()).toEqual(OWN_NAMESPACE);
  });
});
