import { randomBytes } from "node:crypto";

/** One marked metric, histogram, span and log, sent through one agent. */
export interface Probe {
  readonly agent: string;
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
}

export function newProbe(agent: string): Probe {
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  return { agent, id: hex(8), traceId: hex(16), spanId: hex(8) };
}

const SERVICE = "verify";
/** Longest wait for an agent to take what it is sent. */
const TAKE_MS = 10_000;

/** Sends a probe to an agent over OTLP/HTTP JSON, as any application on its host would. */
export async function sendProbe(probe: Probe, endpoint: string): Promise<void> {
  const now = Date.now();
  await Promise.all([
    post(`${endpoint}/v1/traces`, {
      resourceSpans: [{ resource: RESOURCE, scopeSpans: [{ spans: [toSpan(probe, now)] }] }],
    }),
    post(`${endpoint}/v1/metrics`, {
      resourceMetrics: [{ resource: RESOURCE, scopeMetrics: [{ metrics: toMetrics(probe, now) }] }],
    }),
    post(`${endpoint}/v1/logs`, {
      resourceLogs: [{ resource: RESOURCE, scopeLogs: [{ logRecords: [toLog(probe, now)] }] }],
    }),
  ]);
}

const RESOURCE = { attributes: [text("service.name", SERVICE)] };

function toSpan({ id, traceId, spanId }: Probe, now: number): object {
  return {
    traceId,
    spanId,
    name: "verify",
    kind: 1,
    startTimeUnixNano: nanos(now - 5),
    endTimeUnixNano: nanos(now),
    attributes: [text("verify.id", id)],
  };
}

function toLog({ id, traceId, spanId }: Probe, now: number): object {
  return {
    timeUnixNano: nanos(now),
    severityNumber: 9,
    severityText: "INFO",
    body: { stringValue: `verify ${id}` },
    traceId,
    spanId,
    attributes: [text("verify.id", id)],
  };
}

function toMetrics({ id, traceId, spanId }: Probe, now: number): readonly object[] {
  const time = { startTimeUnixNano: nanos(now - 1000), timeUnixNano: nanos(now) };
  const attributes = [text("verify.id", id)];
  const exemplars = [{ timeUnixNano: nanos(now), asDouble: 0.005, traceId, spanId }];
  const histogram = {
    ...time,
    attributes,
    count: "1",
    sum: 0.005,
    bucketCounts: ["1", "0"],
    explicitBounds: [0.01],
    exemplars,
  };
  return [
    { name: "verify.canary", gauge: { dataPoints: [{ timeUnixNano: nanos(now), attributes, asDouble: 1 }] } },
    { name: "verify.latency", unit: "s", histogram: { aggregationTemporality: 2, dataPoints: [histogram] } },
  ];
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function nanos(milliseconds: number): string {
  return `${milliseconds}000000`;
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TAKE_MS),
  });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${said.slice(0, 200)}`);
  // A receiver that refuses items says so in an answer of status 200.
  if (/"rejected\w+":\s*"?[1-9]/.test(said)) throw new Error(`${url} refused items: ${said.slice(0, 200)}`);
}
