/** A record and the line it begins on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Comma-separated values cannot be read on from here. */
export class CsvError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A cell in quotes, or one without; then what ends it. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;

/**
 * Reads comma-separated values as RFC 4180 has them: quotes around a cell may hold commas, line breaks and doubled
 * quotes. Lines may end either way; empty ones, and a byte order mark, are left out.
 *
 * @throws {CsvError} at a quote that is not closed, or stands inside a cell without quotes
 */
export function parseCsv(text: string): readonly CsvRecord[] {
  const source = text.replace(/^\uFEFF/, "");
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let [position, line, begin] = [0, 1, 1];
  while (position < source.length || cells.length > 0) {
    CELL.lastIndex = position;
    const match = CELL.exec(source);
    if (match === null) throw new CsvError(line, describeFault(source, position));
    const [all, quoted, plain = "", end = ""] = match;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    line += all.match(/\r\n|\n|\r/g)?.length ?? 0;
    position = CELL.lastIndex;
    if (end === ",") continue;
    if (cells.length > 1 || cells[0] !== "" || quoted !== undefined) records.push({ line: begin, cells });
    [cells, begin] = [[], line];
  }
  return records;
}

function describeFault(source: string, position: number): string {
  if (source[position] !== '"') return 'a quote inside a cell without quotes: write "a ""b"" c"';
  const isClosed = /^"(?:[^"]|"")*"/.test(source.slice(position));
  return isClosed ? "text behind a closing quote" : "a quote that is never closed";
}
