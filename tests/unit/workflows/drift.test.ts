import { describe, expect, it } from "vitest";
import { parseDrift } from "../../../infra/cli/drift.ts";

const event = (op: string, name: string, diffs?: readonly string[]) =>
  JSON.stringify({
    sequence: 1,
    resourcePreEvent: {
      metadata: { op, type: "kubernetes:apps/v1:StatefulSet", urn: `urn:pulumi:dev::p::t::${name}`, diffs },
    },
  });

describe("the drift of an environment", () => {
  it("is nothing when every resource was looked at and is the same", () => {
    expect(parseDrift([event("refresh", "gateway"), event("same", "gateway"), ""].join("\n"))).toEqual([]);
  });

  it("is every resource that would change, with the properties that differ", () => {
    const log = [
      JSON.stringify({ preludeEvent: { config: {} } }),
      event("update", "gateway", ["spec"]),
      event("create", "loki"),
      event("delete", "stray"),
      JSON.stringify({ summaryEvent: { resourceChanges: { update: 1 } } }),
    ].join("\n");
    const type = "kubernetes:apps/v1:StatefulSet";
    expect(parseDrift(log)).toEqual([
      { op: "update", type, name: "gateway", properties: ["spec"] },
      { op: "create", type, name: "loki", properties: [] },
      { op: "delete", type, name: "stray", properties: [] },
    ]);
  });

  it("counts a replacement once", () => {
    const log = ["create-replacement", "replace", "delete-replaced"].map((op) => event(op, "gateway")).join("\n");
    expect(parseDrift(log).map(({ op }) => op)).toEqual(["replace"]);
  });

  it("rejects a log that breaks off", () => {
    expect(() => parseDrift('{"sequence":1,"resourcePre')).toThrow(SyntaxError);
  });
});
