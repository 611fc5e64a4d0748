import { describe, expect, it } from "vitest";
import { findXid, xidPatternOf, XIDS, xidsOfTier } from "../../../components/signals/xid.ts";

const codesOf = (tier: "critical" | "warning" | "info") => xidsOfTier(tier).map(({ code }) => code);

describe("the table of Xid codes", () => {
  it("names each code once, in order, with a meaning", () => {
    const codes = XIDS.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((left, right) => left - right));
    for (const { meaning } of XIDS) expect(meaning.length).toBeGreaterThan(10);
  });

  it("calls critical whatever NVIDIA wants a reset, a restart of the machine or a workflow of hardware for", () => {
    const actions = new Set(xidsOfTier("critical").map(({ action }) => action));
    expect([...actions].sort()).toEqual([
      ...["RESET_GPU", "RESTART_BM", "RESTART_VM"],
      ...["WORKFLOW_NVLINK5_ERR", "WORKFLOW_NVLINK_ERR", "WORKFLOW_XID_48"],
    ]);
    for (const { action, tier } of XIDS) if (action.startsWith("RESET_")) expect(tier).toBe("critical");
  });

  it("calls a contained memory error the application's, and an uncontained one the GPU's", () => {
    expect(findXid(94)).toMatchObject({ action: "RESTART_APP", tier: "warning" });
    expect(findXid(95)).toMatchObject({ action: "RESET_GPU", tier: "critical" });
  });

  it("alerts nobody to what follows another Xid or is to be ignored", () => {
    expect(codesOf("info")).toEqual([43, 45, 154]);
  });

  it("gives a pattern of the codes of a tier, or of several", () => {
    expect(xidPatternOf("info")).toBe("43|45|154");
    expect(xidPatternOf("critical", "warning", "info").split("|")).toHaveLength(XIDS.length);
  });

  it("knows no code that is not in it", () => {
    expect(findXid(999)).toBeUndefined();
  });
});
