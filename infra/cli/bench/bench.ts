import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

/** What a benchmark measured; parts of one figure stand together. */
export type Figures = Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;

/** One benchmark: gives what it measured, cleans up after itself. */
export interface Bench {
  readonly name: string;
  /** Programs it runs where those are not `local`'s; it then runs when named alone: they may take long to build. */
  readonly programs?: () => readonly string[];
  readonly run: (say: (line: string) => void) => Promise<Figures>;
}

/** The machine the figures come from. */
export function machine(): Figures {
  return { cores: cpus().length, model: cpus()[0]?.model ?? "unknown" };
}

/** One line a figure, the parts of a figure below it. */
export function toTable(figures: Figures): string {
  const rows = Object.entries(figures).flatMap(([name, value]): (readonly [string, string])[] =>
    typeof value === "object"
      ? [[name, ""], ...Object.entries(value).map(([part, figure]) => [`  ${part}`, String(figure)] as const)]
      : [[name, String(value)]],
  );
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd()).join("\n");
}

export function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** A temporary folder for as long as a function runs. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gpu-observability-bench-"));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
