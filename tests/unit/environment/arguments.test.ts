import { describe, expect, it } from "vitest";
import { parseEnvironment } from "../../../infra/cli/arguments.ts";

describe("the words of a command", () => {
  it("are a stack and values to try, in any order", () => {
    const { name, sampling } = parseEnvironment([
      "--set",
      "sampling.default=0.5",
      "dev",
      "--set",
      "sampling.slowTraceMs=9",
    ]);
    expect([name, sampling.default, sampling.slowTraceMs]).toEqual(["dev", 0.5, 9]);
  });

  it("take a key away where they say null", () => {
    expect(parseEnvironment(["production"]).kubernetes.ingress).toBeDefined();
    expect(
      parseEnvironment(["production", "--set", "kubernetes.ingress=null", "--set", "kubernetes.keepData=true"])
        .kubernetes.ingress,
    ).toBeUndefined();
  });

  it("may be flags that the command knows", () => {
    expect(parseEnvironment(["--json", "dev"], ["--json"]).name).toBe("dev");
  });

  it.each([
    ["a flag of another tool", ["production", "--dry-run"], "--dry-run"],
    ["a flag of another command", ["production", "--json"], "--json"],
    ["a second stack", ["dev", "production"], "production"],
    ["a value that lost its --set", ["dev", "sampling.default=0.5"], "sampling.default=0.5"],
  ])("rejects %s", (_, words, stranger) => {
    expect(() => parseEnvironment(words)).toThrow(`got       "${stranger}"`);
  });

  it("rejects all strangers at once", () => {
    expect(() => parseEnvironment(["dev", "--force", "--quick"])).toThrow(/^2 problems/);
  });
});
