import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

/** What a benchmark measured. */
export type Figures = Readonly<Record<string, number | string | Readonly<Record<string, number>>>>;

/** One benchmark: gives what it measured, cleans up after itself. */
export interface Bench {
  readonly name: string;
  readonly run: (say: (line: string) => void) => Promise<Figures>;
}

/** The machine the figures come from. */
export function machine(): Figures {
  return { cores: cpus().length, model: cpus()[0]?.model ?? "unknown" };
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
    rmSync(folder, { recursive: true, force: true });
  }
}

const SPANS_PER_TRACE = 8;

/** An OTLP/JSON request of traces with eight spans each. */
export function toSpans(spans: number): string {
  const now = Date.now();
  const traces = Array.from({ length: spans / SPANS_PER_TRACE }, () => {
    const traceId = randomBytes(16).toString("hex");
    const parent = randomBytes(8).toString("hex");
    return Array.from({ length: SPANS_PER_TRACE }, (_, index) => ({
      traceId,
      spanId: index === 0 ? parent : randomBytes(8).toString("hex"),
      ...(index === 0 ? {} : { parentSpanId: parent }),
      name: `operation ${index}`,
      kind: index === 0 ? 2 : 1,
      startTimeUnixNano: `${now}000000`,
      endTimeUnixNano: `${now + 20}000000`,
      attributes: [{ key: "http.route", value: { stringValue: `/route/${index}` } }],
    }));
  });
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "bench" } }] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: traces.flat() }] }] });
}
