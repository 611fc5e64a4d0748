import { throwIfAny, type Problem } from "../../core/errors.ts";
import { READINGS } from "./readings.ts";

/** A row of the counters file. */
export interface CounterRow {
  readonly field: string;
  readonly type: string;
  readonly help: string;
}

const TYPES = ["gauge", "counter", "histogram", "summary", "label"];

/**
 * Reads a counters file as dcgm-exporter does.
 *
 * @throws {ConfigError} for a row the exporter or the simulator would refuse
 */
export function parseCounters(text: string, file: string): readonly CounterRow[] {
  const lines = text.split("\n").flatMap((line, index) => {
    const trimmed = line.trim();
    return trimmed === "" || line.startsWith("#") ? [] : [{ at: `${file}: line ${index + 1}`, line: trimmed }];
  });
  const problems: Problem[] = [];
  const rows = lines.map(({ at, line }) => {
    const [field = "", type = "", help = "", ...more] = line.split(",").map((cell) => cell.trim());
    const refuse = (expected: string, got: string) => problems.push({ path: at, expected, got, fix: `mend ${at}` });
    if (help === "" || more.length > 0) refuse("two commas: FIELD, type, help", line);
    else if (!TYPES.includes(type)) refuse(`a type: ${TYPES.join(", ")}`, `"${type}"`);
    else if (type !== "label" && READINGS[field] === undefined)
      refuse("a DCGM field the simulator can serve", `"${field}"`);
    return { field, type, help };
  });
  throwIfAny(problems);
  return rows;
}
