import { setTimeout as sleep } from "node:timers/promises";
import { fetch } from "undici";
import type { Reader } from "../../infra/cli/verify/read.ts";

/** A span as the trace store has it. */
export interface StoredSpan {
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly parent: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly events: readonly string[];
}

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

interface TempoSpan {
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string }[];
}

interface TempoAnswer {
  readonly trace?: {
    readonly resourceSpans?: readonly {
      readonly resource: { readonly attributes: readonly KeyValue[] };
      readonly scopeSpans: readonly { readonly spans: readonly TempoSpan[] }[];
    }[];
  };
}

/** Asks until the answer is as wished, or half a minute has passed; connectors flush every 15 s. Gives the last answer. */
export async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer) || Date.now() > deadline) return answer;
    await sleep(500);
  }
}

/** The spans of a trace in Tempo. A parent that is not there reads "missing"; none at all reads "root". */
export async function spansOf(tempo: Reader, traceId: string): Promise<readonly StoredSpan[]> {
  const { trace } = await ask<TempoAnswer>(tempo, `/api/v2/traces/${traceId}`);
  const found = (trace?.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({ span, service: toRecord(resource.attributes)["service.name"] ?? "" })),
    ),
  );
  const names = new Map(found.map(({ span }) => [span.spanId, span.name]));
  return found.map(({ span, service }) => ({
    service,
    name: span.name,
    kind: span.kind.replace("SPAN_KIND_", ""),
    parent: span.parentSpanId ? (names.get(span.parentSpanId) ?? "missing") : "root",
    attributes: toRecord(span.attributes ?? []),
    events: (span.events ?? []).map(({ name }) => name),
  }));
}

/** `parent > child` of every span, sorted. */
export function treeOf(spans: readonly StoredSpan[]): readonly string[] {
  return spans.map(({ parent, name }) => `${parent} > ${name}`).sort();
}

/** Values of a label over the series a selector matches, in Prometheus. */
export async function labelValues(prometheus: Reader, label: string, selector: string): Promise<readonly string[]> {
  const path = `/api/v1/label/${label}/values?match[]=${encodeURIComponent(selector)}`;
  return (await ask<{ data?: readonly string[] }>(prometheus, path)).data ?? [];
}

/** Labels, structured metadata included, of the lines a LogQL query gives. */
export async function linesOf(loki: Reader, query: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const path = `/loki/api/v1/query_range?limit=100&start=${Date.now() - 600_000}000000&query=${encodeURIComponent(query)}`;
  const answer = await ask<{
    data?: { result?: readonly { stream: Record<string, string>; values: readonly [string, string][] }[] };
  }>(loki, path);
  return (answer.data?.result ?? []).flatMap(({ stream, values }) => values.map(([, body]) => ({ ...stream, body })));
}

/** The parsed answer; an empty one while the backend has nothing. */
async function ask<T extends object>({ endpoint, dispatcher }: Reader, path: string): Promise<Partial<T>> {
  const answer = await fetch(`${endpoint}${path}`, { dispatcher, headers: { accept: "application/json" } });
  if (answer.ok) return (await answer.json()) as Partial<T>;
  if (answer.status === 404) return {};
  throw new Error(`${endpoint}${path} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}

function toRecord(attributes: readonly KeyValue[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? JSON.stringify(value)]));
}
