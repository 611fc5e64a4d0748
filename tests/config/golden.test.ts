import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { OFFLINE } from "../../infra/cli/unavailable.ts";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";
import { renderStack } from "../../infra/deploy/render.ts";
import { readEnvironment } from "../../infra/environment/load.ts";
import { ENVIRONMENT_NAMES } from "../../infra/environment/schema.ts";

const GOLDEN = join(PROJECT_ROOT, "tests", "golden");

describe.each(ENVIRONMENT_NAMES)("golden files of %s", (name) => {
  const rendered = renderStack(readEnvironment(PROJECT_ROOT, name), OFFLINE);

  it("are what the renderers give: npm run render && git diff --exit-code", () => {
    expect(readTree(join(GOLDEN, name))).toEqual(rendered);
  });

  it("name no folder of this machine", () => {
    for (const [path, text] of Object.entries(rendered)) expect(text, path).not.toContain(PROJECT_ROOT);
  });
});

function readTree(root: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .map((path) => join(root, path))
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(root, path), readFileSync(path, "utf8")]),
  );
}
