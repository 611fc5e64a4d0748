import { describe, expect, it } from "vitest";
import { toTable } from "../../../infra/cli/verify/table.ts";
import type { Cell } from "../../../infra/cli/verify/verify.ts";

const cell = (changes: Partial<Cell> = {}): Cell => ({
  signal: "span",
  backend: "tempo",
  agent: "gpu-1-agent",
  status: "landed",
  seconds: 1.2,
  ...changes,
});

describe("the table of verify", () => {
  it("has a row a signal and a column a backend, with a dash where a backend holds no such signal", () => {
    const cells = [cell(), cell({ signal: "log", backend: "loki", seconds: 0.5 })];
    expect(toTable({ cells, skipped: {} }).split("\n")).toEqual([
      "signal  tempo         loki",
      "span    landed 1.2 s  -",
      "log     -             landed 0.5 s",
    ]);
  });

  it("shows the slowest agent", () => {
    const cells = [cell({ seconds: 0.4 }), cell({ agent: "gpu-2-agent", seconds: 3 })];
    expect(toTable({ cells, skipped: {} })).toContain("landed 3.0 s");
  });

  it("shows MISSING as soon as one agent's is missing, and says whose and why", () => {
    const cells = [cell(), cell({ agent: "gpu-2-agent", status: "missing", reason: "tempo answered 404, for 60 s" })];
    const lines = toTable({ cells, skipped: {} }).split("\n");
    expect(lines[1]).toBe("span    MISSING");
    expect(lines.slice(2)).toEqual(["", "MISSING span of gpu-2-agent in tempo: tempo answered 404, for 60 s"]);
  });

  it("says which backends were left out, and why", () => {
    const text = toTable({ cells: [cell()], skipped: { grafana: "no program" } });
    expect(text.split("\n").at(-1)).toBe("skipped grafana: no program");
  });

  it("ends no line with spaces", () => {
    const cells = [cell(), cell({ signal: "a long signal", backend: "loki" })];
    for (const line of toTable({ cells, skipped: {} }).split("\n")) expect(line).toBe(line.trimEnd());
  });
});
