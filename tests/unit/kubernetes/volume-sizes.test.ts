import { describe, expect, it } from "vitest";
import { toMiB } from "../../../components/runtime/kubernetes/quantity.ts";
import {
  type FoundClaim,
  planClaims,
  planSizes,
  type WantedClaim,
} from "../../../components/runtime/kubernetes/volume-sizes.ts";
import { planStack } from "./planned.ts";

const QUEUE: WantedClaim = { set: "gateway", service: "gateway", template: "data-queue", sizeMiB: 2048 };
const found = (name: string, change: Partial<FoundClaim> = {}): FoundClaim => ({
  name,
  sizeMiB: 1024,
  storageClass: "standard",
  canGrow: true,
  isBound: true,
  isLeaving: false,
  ...change,
});
const namesOf = (claims: readonly { readonly claim: FoundClaim }[]) => claims.map(({ claim }) => claim.name);

describe("sizes of volumes", () => {
  it("are wanted of every volume that outlives its pod, by the name its claim has", () => {
    const { workloads, settings } = planStack("production");
    const wanted = planClaims(workloads, settings);
    expect(wanted).toContainEqual({ ...QUEUE, sizeMiB: 10_240, storageClass: undefined });
    expect(wanted).toContainEqual(expect.objectContaining({ template: "data-tsdb", set: "prometheus" }));
    expect(wanted.filter(({ service }) => service === "agent")).toEqual([]);
  });

  it("grow for every copy, also one that does not run, and for no set whose name only begins alike", () => {
    const claims = ["data-queue-gateway-0", "data-queue-gateway-7", "data-queue-gateway-other-0"].map((name) =>
      found(name),
    );
    expect(namesOf(planSizes([QUEUE], claims, []).grow)).toEqual(["data-queue-gateway-0", "data-queue-gateway-7"]);
  });

  it("rejects those of a class that lets none grow, all of a set at once", () => {
    const claims = [0, 1].map((copy) => found(`data-queue-gateway-${copy}`, { canGrow: false }));
    const { grow, stuck } = planSizes([QUEUE], claims, []);
    expect(grow).toEqual([]);
    expect(stuck).toEqual([{ wanted: QUEUE, claims }]);
  });

  it("leave alone a claim that is to be made anew, and one that has no volume yet", () => {
    const claims = [
      found("data-queue-gateway-0", { isLeaving: true, canGrow: false }),
      found("data-queue-gateway-1", { isBound: false }),
    ];
    expect(planSizes([QUEUE], claims, [])).toEqual({ grow: [], renew: [], stuck: [], larger: [] });
  });

  it("never shrink, while later copies get what is wanted", () => {
    const plan = planSizes(
      [QUEUE],
      [found("data-queue-gateway-0", { sizeMiB: 4096 })],
      [{ set: "gateway", template: "data-queue", sizeMiB: 4096 }],
    );
    expect(namesOf(plan.larger)).toEqual(["data-queue-gateway-0"]);
    expect(plan.renew).toEqual(["gateway"]);
    expect(plan.grow).toEqual([]);
  });

  it("ask for a set made anew when its size or class differs, and for none that is as wanted", () => {
    const like = { set: "gateway", template: "data-queue", sizeMiB: 2048 };
    expect(planSizes([QUEUE], [], [like]).renew).toEqual([]);
    expect(planSizes([QUEUE], [], [{ ...like, storageClass: "slow" }]).renew).toEqual(["gateway"]);
    expect(planSizes([QUEUE], [], [{ ...like, set: "loki" }]).renew).toEqual([]);
  });
});

describe("a quantity of bytes", () => {
  it.each([
    ["1Gi", 1024],
    ["1536Mi", 1536],
    ["1.5Gi", 1536],
    ["1048576", 1],
    ["1073741824e0", 1024],
    ["1G", 1e9 / 2 ** 20],
  ])("%s is %d MiB", (text, expected) => {
    expect(toMiB(text)).toBe(expected);
  });

  it("rejects what is none", () => {
    for (const text of ["", "Gi", "1Xi", "-1Gi"]) expect(() => toMiB(text)).toThrow("no quantity of bytes");
  });
});
