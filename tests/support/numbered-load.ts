import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { fetch } from "undici";
import type { Reader } from "../../infra/cli/verify/read.ts";

const PER_BATCH = 500;
/** Most lines Loki gives for one question. */
const PAGE = 5000;

/** What a load sent, so that every item can be asked for by its number. */
export interface Sent {
  /** One trace a batch, each with {@link PER_BATCH} numbered spans. */
  readonly traceIds: readonly string[];
  readonly spans: number;
  readonly logs: number;
  /** Final value of the counter. */
  readonly counter: number;
  /** When its first batch was sent, in milliseconds. */
  readonly start: number;
}

/** What came of one kind of item. */
export interface Outcome {
  readonly sent: number;
  readonly stored: number;
  readonly lost: number;
  readonly duplicated: number;
}

export interface LoadOptions {
  readonly endpoint: string;
  /** Names the load: value of `service.name`. */
  readonly name: string;
  /** Most batches it sends. */
  readonly batches: number;
  /** Rest between two batches in milliseconds. */
  readonly restMs: number;
  /** Asked before each batch. @default false: it sends all its batches */
  readonly isEnough?: () => boolean;
}

/** Sends numbered spans, log records and a counter; repeats what the agent refuses, so the sender loses nothing. */
export async function sendLoad({
  endpoint,
  name,
  batches,
  restMs,
  isEnough = () => false,
}: LoadOptions): Promise<Sent> {
  const resource = { attributes: [text("service.name", name)] };
  const traceIds: string[] = [];
  const start = Date.now();
  for (let batch = 0; batch < batches && !isEnough(); batch += 1) {
    const traceId = randomBytes(16).toString("hex");
    const numbers = Array.from({ length: PER_BATCH }, (_, index) => batch * PER_BATCH + index);
    await post(`${endpoint}/v1/traces`, {
      resourceSpans: [{ resource, scopeSpans: [{ spans: numbers.map((number) => toSpan(number, traceId)) }] }],
    });
    await post(`${endpoint}/v1/logs`, {
      resourceLogs: [{ resource, scopeLogs: [{ logRecords: numbers.map((number) => toLog(number, batch)) }] }],
    });
    await post(`${endpoint}/v1/metrics`, {
      resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [toCounter((batch + 1) * PER_BATCH, start)] }] }],
    });
    traceIds.push(traceId);
    await sleep(restMs);
  }
  const items = traceIds.length * PER_BATCH;
  return { traceIds, spans: items, logs: items, counter: items, start };
}

/** Spans of the load that Tempo or Jaeger holds, by number. */
export async function countSpans(
  reader: Reader,
  backend: "tempo" | "jaeger",
  { traceIds, spans }: Sent,
): Promise<Outcome> {
  const numbers: number[] = [];
  for (const traceId of traceIds) {
    const path = backend === "tempo" ? `/api/v2/traces/${traceId}` : `/api/v3/traces/${traceId}`;
    numbers.push(...numbersIn(await getText(reader, path)));
  }
  return toOutcome(spans, numbers);
}

/** Records of the load that Loki holds, by number, page by page in the order of their times. */
export async function countLogs(reader: Reader, name: string, { logs, start }: Sent): Promise<Outcome> {
  const numbers: number[] = [];
  const query = encodeURIComponent(`{service_name="${name}"}`);
  const end = BigInt(Date.now() + 60_000) * 1_000_000n;
  for (let from = BigInt(start) * 1_000_000n; ;) {
    const range = `start=${from}&end=${end}&direction=forward&limit=${PAGE}`;
    const text = await getText(reader, `/loki/api/v1/query_range?${range}&query=${query}`);
    const page = [...text.matchAll(/\["(\d{19})","item-(\d+)"/g)];
    const last = page.reduce((latest, [, time = "0"]) => (BigInt(time) > latest ? BigInt(time) : latest), from);
    const isLast = page.length < PAGE;
    // A full page can end among records of one time: those are asked for again, whole.
    const whole = isLast ? page : page.filter(([, time = "0"]) => BigInt(time) < last);
    numbers.push(...whole.map(([, , number]) => Number(number)));
    if (isLast) return toOutcome(logs, numbers);
    if (last === from) throw new Error(`over ${PAGE} records have one time, ${last}: they cannot be paged`);
    from = last;
  }
}

/** Counts until nothing is missing, or two minutes have passed. */
export async function untilStored(count: () => Promise<Outcome>): Promise<Outcome> {
  let outcome = await count();
  for (let attempt = 0; attempt < 24 && outcome.lost > 0; attempt += 1) {
    await sleep(5000);
    outcome = await count();
  }
  return outcome;
}

/** What several loads came to together. */
export function addUp(outcomes: readonly Outcome[]): Outcome {
  const sum = (part: keyof Outcome) => outcomes.reduce((total, outcome) => total + outcome[part], 0);
  return { sent: sum("sent"), stored: sum("stored"), lost: sum("lost"), duplicated: sum("duplicated") };
}

/** The counter's value in Prometheus. */
export async function readCounter(reader: Reader, name: string): Promise<number> {
  const query = encodeURIComponent(`max(loss_items_total{service_name="${name}"})`);
  const answer = JSON.parse(await getText(reader, `/api/v1/query?query=${query}`)) as {
    data: { result: { value: [number, string] }[] };
  };
  return Number(answer.data.result[0]?.value[1] ?? 0);
}

function toOutcome(sent: number, numbers: readonly number[]): Outcome {
  const stored = new Set(numbers).size;
  return { sent, stored, lost: sent - stored, duplicated: numbers.length - stored };
}

/** Items carry their number as text that nothing rewrites. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/item-(\d+)/g)].map(([, number]) => Number(number));
}

async function getText({ endpoint, dispatcher }: Reader, path: string): Promise<string> {
  const answer = await fetch(`${endpoint}${path}`, { dispatcher, headers: { accept: "application/json" } });
  return answer.text();
}

function toSpan(number: number, traceId: string): object {
  const now = Date.now();
  return {
    traceId,
    spanId: (number + 1).toString(16).padStart(16, "0"),
    // Not its name: gateways count spans by name, and each would be a series of its own.
    name: "numbered",
    kind: 1,
    startTimeUnixNano: nanos(now),
    endTimeUnixNano: nanos(now + 1),
    attributes: [text("number", `item-${number}`)],
  };
}

function toLog(number: number, batch: number): object {
  return {
    timeUnixNano: `${nanos(Date.now()).slice(0, -6)}${String(number % 1_000_000).padStart(6, "0")}`,
    severityNumber: 9,
    body: { stringValue: `item-${number}` },
    attributes: [text("batch", String(batch))],
  };
}

function toCounter(value: number, start: number): object {
  const point = { startTimeUnixNano: nanos(start), timeUnixNano: nanos(Date.now()), asInt: String(value) };
  return { name: "loss.items", sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } };
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function nanos(milliseconds: number): string {
  return `${milliseconds}000000`;
}

async function post(url: string, body: object): Promise<void> {
  for (;;) {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(250);
  }
}
