import { afterEach, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../../infra/cli/run-engine.ts";

const print = (text: string) => ["-e", `process.stdout.write(${JSON.stringify(text)})`];

describe("a program of the engine", () => {
  afterEach(() => vi.restoreAllMocks());

  it("says everything but the lines that are left out", async () => {
    const said: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line: string) => void said.push(line));
    const text = "3 deleted\nhistory is still maintained\nrun `pulumi stack rm local`.\nDuration: 1s";
    const options = { cwd: ".", env: process.env, quiet: false, omit: /still maintained|`pulumi stack rm / };
    expect(await runProgram(process.execPath, print(text), options)).toBe(0);
    expect(said).toEqual(["3 deleted", "Duration: 1s"]);
  });
});
