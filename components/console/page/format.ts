import type { ConsoleState, ConsoleStep, ConsoleWords } from "../definition.ts";

const THOUSANDS = ["", "k", "M", "G", "T", "P"] as const;
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi"] as const;
const MEBI = 1024 * 1024;

type Write = (value: number) => string;

/** How values of a unit of UCUM are written; counted things (`{event}`) are plain numbers. */
const UNITS: Readonly<Record<string, Write>> = {
  "1": (value) => `${digits(value * 100)} %`,
  "s/s": (value) => `${digits(value * 100)} %`,
  "%": (value) => `${digits(value)} %`,
  By: (value) => scaled(value, 1024, BINARY, "B"),
  "By/s": (value) => scaled(value, 1024, BINARY, "B/s"),
  MiBy: (value) => scaled(value * MEBI, 1024, BINARY, "B"),
  MiB: (value) => scaled(value * MEBI, 1024, BINARY, "B"),
  Cel: (value) => `${digits(value)} °C`,
  C: (value) => `${digits(value)} °C`,
  W: (value) => scaled(value, 1000, THOUSANDS, "W"),
  "J/s": (value) => scaled(value, 1000, THOUSANDS, "W"),
  J: (value) => scaled(value, 1000, THOUSANDS, "J"),
  "W.h": (value) => scaled(value, 1000, THOUSANDS, "Wh"),
  MHz: (value) => `${digits(value)} MHz`,
  s: seconds,
  ms: (value) => seconds(value / 1000),
  ns: (value) => seconds(value / 1e9),
  h: (value) => seconds(value * 3600),
};

/** A value for people; a dash where there is none. */
export function formatValue(value: number | null | undefined, unit: string): string {
  if (value === null || value === undefined) return "–";
  const write = UNITS[unit] ?? ((plain: number) => scaled(plain, 1000, THOUSANDS, unit.endsWith("/s") ? "/s" : ""));
  return write(value);
}

/** Time of day of seconds since 1970; with the day where that is not today, unless it goes without saying. */
export function formatTime(seconds = 0, withDay = true): string {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = withDay && !isToday ? ({ month: "short", day: "numeric" } as const) : {};
  return at.toLocaleString("en-GB", { ...day, hour: "2-digit", minute: "2-digit" });
}

/** Three digits that count. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return String(Math.round(value));
  if (size < 0.001) return "0";
  return String(Number(value.toPrecision(size < 1 ? 2 : 3)));
}

function scaled(value: number, base: number, prefixes: readonly string[], unit: string): string {
  let rest = value;
  let index = 0;
  while (Math.abs(rest) >= base && index < prefixes.length - 1) {
    rest /= base;
    index += 1;
  }
  return `${digits(rest)} ${prefixes[index] ?? ""}${unit}`.trim();
}

function seconds(value: number): string {
  const size = Math.abs(value);
  if (size >= 172_800) return `${digits(value / 86_400)} d`;
  if (size >= 7200) return `${digits(value / 3600)} h`;
  if (size >= 120) return `${digits(value / 60)} min`;
  if (size >= 1 || size === 0) return `${digits(value)} s`;
  return size >= 0.001 ? `${digits(value * 1000)} ms` : `${digits(value * 1e6)} µs`;
}

/** What a value is, in words where it has some, and the state it stands for; undefined where nothing is said of it. */
export function stateOf(
  value: number | string | null,
  steps: readonly ConsoleStep[] = [],
  words?: ConsoleWords,
): { readonly text?: string; readonly state?: ConsoleState } {
  if (value === null) return {};
  const word = words?.[String(value)];
  if (word !== undefined) return word;
  if (typeof value === "string" || steps.length === 0) return {};
  const reached = steps.filter(({ from }) => value >= from).toSorted((one, other) => other.from - one.from);
  return { state: reached[0]?.state ?? "ok" };
}
