import type { Problem } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import { toFieldValue, WORD_KEYS } from "./fields.ts";
import type { HostEntry, ReadInventory } from "./model.ts";
import { CsvError, type CsvRecord, parseCsv } from "./rfc4180.ts";

/** In front of a label's key, as the name of a column. */
const LABEL = "label.";

/**
 * Reads hosts from comma-separated values: a line of column names, then a host a line. An empty cell says nothing; groups
 * are separated by spaces or semicolons; `label.rack` is the column of the label `rack`.
 */
export function readCsv(text: string, at: (line: number) => string): ReadInventory {
  const nothing = { hosts: [], groups: {} };
  let records: readonly CsvRecord[];
  try {
    records = parseCsv(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const fix = 'put cells with quotes or commas in quotes, and double the quotes in them: "a ""b"", c"';
    return { ...nothing, problems: [{ path: at(error.line), expected: "RFC 4180", got: error.message, fix }] };
  }
  const [header, ...rows] = records;
  if (header === undefined) return { ...nothing, problems: [] };
  const columns = header.cells.map((cell) => cell.trim());
  const problems = [...findColumnProblems(columns, at(header.line)), ...rows.flatMap((row) => findWidth(row))];
  if (problems.length > 0) return { ...nothing, problems };
  return { hosts: rows.map((row) => toEntry(row, columns)), groups: {}, problems };

  function findWidth({ line, cells }: CsvRecord): readonly Problem[] {
    if (cells.length === columns.length) return [];
    const fix = "add the commas of empty cells, or put cells with commas in quotes";
    return [{ path: at(line), expected: `${columns.length} cells, as the first line`, got: String(cells.length), fix }];
  }
}

function findColumnProblems(columns: readonly string[], path: string): readonly Problem[] {
  const known = ["name", "groups", ...WORD_KEYS];
  const unknown = columns.filter((name) => !known.includes(name) && !name.startsWith(LABEL));
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  return [
    ...unknown.map((name) => ({
      path,
      expected: `a column among ${known.join(", ")}, ${LABEL}<key>`,
      got: name === "" ? "a column without a name" : `unknown column "${name}"`,
      fix: `${didYouMean(name, known)}rename or remove the column`,
    })),
    ...twice.map((name) => ({ path, expected: "each column once", got: `"${name}" again`, fix: "remove one of them" })),
    ...(columns.includes("name")
      ? []
      : [
          { path, expected: "a column name", got: "none", fix: "begin the file with a line such as name,address,gpus" },
        ]),
  ];
}

function toEntry({ line, cells }: CsvRecord, columns: readonly string[]): HostEntry {
  const said = columns.flatMap((column, index) => {
    const cell = cells[index]?.trim() ?? "";
    return cell === "" ? [] : [[column, cell] as const];
  });
  const row = new Map(said);
  const words = said.filter(([column]) => WORD_KEYS.includes(column));
  const labels = said.filter(([column]) => column.startsWith(LABEL));
  return {
    name: row.get("name") ?? "",
    line,
    groups: (row.get("groups") ?? "").split(/[\s;]+/).filter((group) => group !== ""),
    fields: {
      ...Object.fromEntries(words.map(([key, word]) => [key, toFieldValue(key, word)])),
      ...(labels.length === 0
        ? {}
        : { labels: Object.fromEntries(labels.map(([key, v]) => [key.slice(LABEL.length), v])) }),
    },
  };
}
