import type { Dispatcher } from "undici";
import { fetch } from "undici";
import { TENANT_HEADER } from "../../../components/prometheus/external/access.ts";

/** How to ask one backend: its endpoint, and a connection that shows the operator's certificate. */
export interface Reader {
  readonly endpoint: string;
  readonly dispatcher: Dispatcher;
  /** `Basic …` or `Bearer …`, for a backend that knows people by password or token. */
  readonly authorization?: string;
  /** Whose metrics are asked for, where one backend keeps those of many. */
  readonly tenant?: string;
  /** Name of GreptimeDB's database. @default public */
  readonly database?: string;
}

/** Why a read found nothing; undefined when it found what it looked for. */
export type Missing = string | undefined;

/** Longest wait for one answer: a backend that hangs must not hold up the deadline of `verify`. */
const ANSWER_MS = 5000;

interface QueryAnswer {
  readonly data?: { readonly result?: readonly unknown[] };
}

/** Whether an instant query of Prometheus gives any series. */
export async function findSeries(reader: Reader, query: string): Promise<Missing> {
  const answer = await get<QueryAnswer>(reader, `/api/v1/query?query=${encodeURIComponent(query)}`);
  return typeof answer === "string"
    ? answer
    : (answer.data?.result?.length ?? 0) > 0
      ? undefined
      : `no series for ${query}`;
}

/** The trace ids of a histogram's exemplars. */
export async function findExemplarTraces(reader: Reader, query: string): Promise<readonly string[] | string> {
  const now = Date.now() / 1000;
  const path = `/api/v1/query_exemplars?query=${encodeURIComponent(query)}&start=${now - 600}&end=${now + 60}`;
  const answer = await get<{ data?: readonly { exemplars: readonly { labels: { trace_id?: string } }[] }[] }>(
    reader,
    path,
  );
  if (typeof answer === "string") return answer;
  return (answer.data ?? []).flatMap(({ exemplars }) => exemplars.flatMap(({ labels }) => labels.trace_id ?? []));
}

/** Whether Tempo or Jaeger has a trace. */
export async function findTrace(reader: Reader, backend: "tempo" | "jaeger", traceId: string): Promise<Missing> {
  const path = backend === "tempo" ? `/api/v2/traces/${traceId}` : `/api/v3/traces/${traceId}`;
  const answer = await get<object>(reader, path);
  if (typeof answer === "string") return answer;
  return JSON.stringify(answer).includes('"spanId"') ? undefined : `trace ${traceId} has no spans`;
}

/** Whether a LogQL query gives any line of the last hour. */
export async function findLine(reader: Reader, query: string): Promise<Missing> {
  const start = `${Date.now() - 3_600_000}000000`;
  const path = `/loki/api/v1/query_range?limit=1&start=${start}&query=${encodeURIComponent(query)}`;
  const answer = await get<QueryAnswer>(reader, path);
  return typeof answer === "string"
    ? answer
    : (answer.data?.result?.length ?? 0) > 0
      ? undefined
      : `no line for ${query}`;
}

/** Whether Grafana has each of these data sources. */
export async function findSources(reader: Reader, uids: readonly string[]): Promise<Missing> {
  const answer = await get<readonly { uid: string }[]>(reader, "/api/datasources");
  if (typeof answer === "string") return answer;
  const missing = uids.filter((wanted) => !answer.some(({ uid }) => uid === wanted));
  return missing.length === 0 ? undefined : `no data source ${missing.join(", ")}`;
}

/** Whether a count of GreptimeDB is above zero. */
export async function findRow(reader: Reader, sql: string): Promise<Missing> {
  const answer = await get<{ output?: readonly { records?: { rows?: readonly (readonly number[])[] } }[] }>(
    reader,
    `/v1/sql?db=${encodeURIComponent(reader.database ?? "public")}&sql=${encodeURIComponent(sql)}`,
  );
  if (typeof answer === "string") return answer;
  return (answer.output?.[0]?.records?.rows?.[0]?.[0] ?? 0) > 0 ? undefined : `no row for ${sql}`;
}

/** The parsed answer, or in words why there is none. */
async function get<T>(reader: Reader, path: string): Promise<T | string> {
  const { endpoint, dispatcher, authorization, tenant } = reader;
  const headers = {
    accept: "application/json",
    ...(authorization === undefined ? {} : { authorization }),
    ...(tenant === undefined ? {} : { [TENANT_HEADER]: tenant }),
  };
  try {
    const answer = await fetch(`${endpoint}${path}`, { dispatcher, headers, signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) return `${endpoint} answered ${answer.status}`;
    return (await answer.json()) as T;
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    return `${endpoint}: ${cause?.code ?? cause?.message ?? String(error)}`;
  }
}
