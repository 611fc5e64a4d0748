import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "../../../infra/inventory/read-csv.ts";
import { CsvError, parseCsv } from "../../../infra/inventory/rfc4180.ts";

const at = (line: number) => `stacks/hosts.csv: line ${line}`;
const read = (...lines: readonly string[]) => readCsv(lines.join("\n"), at);

describe("comma-separated values", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", " ", ",", '"', "\n", "\r\n", "é") });
  const row = fc.array(cell, { minLength: 2, maxLength: 4 });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it("are read back as they were written, whatever stands in a cell", () => {
    const written = (rows: readonly (readonly string[])[], end: string) =>
      rows.map((cells) => cells.map((text) => (/[",\r\n]/.test(text) ? quote(text) : text)).join(",")).join(end);
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom("\n", "\r\n"), fc.boolean(), (rows, end, closed) => {
        const text = written(rows, end) + (closed ? end : "");
        expect(parseCsv(text).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });

  it("never hang and never fail but by name, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r") }), (text) => {
        try {
          for (const { line, cells } of parseCsv(text)) expect(line * cells.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(CsvError);
        }
      }),
    );
  });

  it("know the line of each record, behind cells with line breaks and empty lines", () => {
    const lines = parseCsv('\uFEFFname,note\n\n"a","one\ntwo"\nb,\n').map(({ line, cells }) => [line, cells[0]]);
    expect(lines).toEqual([
      [1, "name"],
      [3, "a"],
      [5, "b"],
    ]);
  });
});

describe("readCsv", () => {
  it("reads typed keys, groups and labels, and takes an empty cell for nothing said", () => {
    const key = "ssh-ed25519 AAAA";
    const { hosts, problems } = read(
      "name,address,gpus,gpuModel,groups,state,label.rack,hostKey,port",
      `gpu-1,10.0.0.1,8,"H100, SXM5",a100; rack-1,drained,a1,${key},2222`,
      "gpu-2,10.0.0.2,,,,,,,",
    );
    expect(problems).toEqual([]);
    expect(hosts).toEqual([
      {
        name: "gpu-1",
        line: 2,
        groups: ["a100", "rack-1"],
        fields: {
          address: "10.0.0.1",
          gpus: 8,
          gpuModel: "H100, SXM5",
          state: "drained",
          hostKey: key,
          port: 2222,
          labels: { rack: "a1" },
        },
      },
      { name: "gpu-2", line: 3, groups: [], fields: { address: "10.0.0.2" } },
    ]);
  });

  it("rejects unknown, double and missing columns, all at once", () => {
    const { problems } = read("adress,gpus,gpus", "a,8,8");
    expect(problems.map(({ got }) => got)).toEqual(['unknown column "adress"', '"gpus" again', "none"]);
  });

  it.each([
    ["a row with a cell too many", "gpu-1,8,9", "3"],
    ["a quote that is never closed", '"gpu-1,8', "a quote that is never closed"],
    ["a quote inside a cell without quotes", 'gpu"1,8', 'a quote inside a cell without quotes: write "a ""b"" c"'],
    ["text behind a closing quote", '"gpu"1,8', "text behind a closing quote"],
  ])("rejects %s, and names its line", (_what, row, got) => {
    const { problems } = read("name,gpus", "gpu-0,8", row);
    expect(problems).toEqual([expect.objectContaining({ path: "stacks/hosts.csv: line 3", got })]);
  });
});
