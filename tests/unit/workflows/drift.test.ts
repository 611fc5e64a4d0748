import { describe, expect, it } from "vitest";
import { parseDrift, toDriftText } from "../../../infra/cli/drift.ts";

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

describe("the text of a drift", () => {
  const addresses = {};
  const state = {
    kind: "silent",
    pid: 8,
    memoryMiB: 90,
    asked: "GET https://127.0.0.1:3200/ready",
    lastAnswer: "no answer within 3 s",
  } as const;
  const tempo = { name: "tempo", state, addresses };
  const loki = { name: "loki", state: { kind: "answers", pid: 7, memoryMiB: 80 }, addresses } as const;
  const silence = "process 8 runs and does not answer: GET https://127.0.0.1:3200/ready: no answer within 3 s";

  it("says so where nothing drifted", () => {
    expect(toDriftText("local", [], [loki])).toBe("local: no drift");
  });

  it("names a program that runs and does not answer, with its last answer", () => {
    const drifted = { op: "update", type: "gpuobs/runtime:Process", name: "tempo-process", properties: ["ready"] };
    expect(toDriftText("local", [drifted], [tempo, loki]).split("\n")).toEqual([
      "local: 1 drifted",
      `  update   tempo-process (gpuobs/runtime:Process): ${silence}`,
      "fix it with: npm run up -- local",
    ]);
  });

  it("counts one that only now does not answer", () => {
    expect(toDriftText("local", [], [tempo]).split("\n").slice(0, 2)).toEqual([
      "local: 1 drifted",
      `  restart  tempo-process: ${silence}`,
    ]);
  });
});
