import { afterEach, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../infra/cli/folders.ts";

const { versions } = process;

describe("the file that the engine starts", () => {
  afterEach(() => void Object.defineProperty(process, "versions", { value: versions }));

  it("rejects a Node that cannot read TypeScript, with the command that brings the right one", async () => {
    Object.defineProperty(process, "versions", { value: { ...versions, node: "20.20.2" } });
    const { default: run } = (await import(`${PROJECT_ROOT}/infra/main.mjs`)) as { default: () => Promise<unknown> };
    await expect(run()).rejects.toThrow(/expected version 24 or newer, got 20\.20\.2 .*\n {2}fix: PATH=/);
  });
});
