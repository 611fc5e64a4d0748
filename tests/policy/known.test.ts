import * as proxy from "@pulumi/policy/proxy.js";
import { describe, expect, it } from "vitest";
import { knownOf } from "../../infra/policy/read/known.ts";
import { toCores, toMiB } from "../../infra/policy/read/quantity.ts";

/** The SDK's own, which its types leave out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: (value: object) => unknown;
  readonly unknownStringValue: string;
};

describe("what a preview does not know yet", () => {
  it("is left out, and everything beside it is read", () => {
    const handed = unknownCheckingProxy({
      name: "gateway",
      key: unknownStringValue,
      list: [{ value: unknownStringValue }, "b"],
      deep: { known: 1, unknown: unknownStringValue },
    });
    expect(knownOf(handed)).toEqual({ name: "gateway", list: [{}, "b"], deep: { known: 1 } });
  });
});

describe("a quantity of Kubernetes", () => {
  it.each([
    ["512Mi", 512],
    ["2Gi", 2048],
    ["1048576Ki", 1024],
    ["1073741824", 1024],
    ["1G", 953.67431640625],
  ])("%s of memory is %d MiB", (text, mib) => expect(toMiB(text)).toBeCloseTo(mib, 6));

  it.each([
    ["100m", 0.1],
    ["2", 2],
    ["0.5", 0.5],
  ])("%s of CPU is %d cores", (text, cores) => expect(toCores(text)).toBe(cores));

  it.each(["", "much", "-1Mi"])("rejects %j", (text) => expect(toMiB(text)).toBeUndefined());
});
