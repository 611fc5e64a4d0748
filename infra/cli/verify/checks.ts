import type { VerifyAgent, VerifyBackend } from "./plan.ts";
import type { Probe } from "./probe.ts";
import {
  findExemplarTraces,
  findLine,
  findRow,
  findSeries,
  findSources,
  findTrace,
  type Missing,
  type Reader,
} from "./read.ts";

/** One cell to fill for one agent: a signal that must be found in a backend. */
export interface Check {
  readonly signal: string;
  readonly backend: string;
  readonly agent: string;
  readonly look: () => Promise<Missing>;
  /** Cells it cannot be filled without: where one of them is missing, that one is the fault, and this one waits. */
  readonly needs: readonly Cause[];
}

/** A cell another one depends on. */
export interface Cause {
  readonly signal: string;
  readonly backend: string;
}

/** How old the newest sample of a series may be: longer than any scrape interval, shorter than Prometheus remembers. */
const FRESH_SECONDS = 120;

/** Everything that must be found of one agent's probe and host. */
export function planChecks(
  probe: Probe,
  agent: VerifyAgent,
  backends: readonly VerifyBackend[],
  readerOf: (backend: VerifyBackend) => Reader,
): readonly Check[] {
  const { id, traceId } = probe;
  const tempo = backends.find(({ kind }) => kind === "tempo");
  const loki = backends.find(({ kind }) => kind === "loki");
  return backends.flatMap((backend) => {
    const reader = readerOf(backend);
    const check = (signal: string, look: () => Promise<Missing>, needs: readonly Cause[] = []): Check => ({
      signal,
      backend: backend.name,
      agent: agent.name,
      look,
      needs,
    });
    const here = (signal: string): Cause => ({ signal, backend: backend.name });
    const fresh = (metric: string) =>
      findSeries(reader, `time() - timestamp(${metric}{host_name="${agent.host}"}) < ${FRESH_SECONDS}`);
    switch (backend.kind) {
      case "prometheus":
        return [
          check("metric", () => findSeries(reader, `verify_canary{verify_id="${id}"}`)),
          check("GPU metric", () => fresh("hw_gpu_utilization_ratio"), [here("metric")]),
          check("host metric", () => fresh("node_load1"), [here("metric")]),
          ...(tempo === undefined || loki === undefined
            ? []
            : [
                check("exemplar → trace → log", () => walk(reader, readerOf(tempo), readerOf(loki), probe), [
                  here("metric"),
                  { signal: "span", backend: tempo.name },
                  { signal: "log", backend: loki.name },
                ]),
              ]),
        ];
      case "tempo":
      case "jaeger":
        return [check("span", () => findTrace(reader, backend.kind as "tempo" | "jaeger", traceId))];
      case "loki":
        return [
          check("log", () => findLine(reader, `{service_name="verify"} | verify_id="${id}"`)),
          check("kernel line", () => findLine(reader, `{service_name="kernel", host_name="${agent.host}"}`), [
            here("log"),
          ]),
        ];
      case "grafana":
        return [check("data sources", () => findSources(reader, backend.dataSources ?? []))];
      case "greptimedb":
        return [
          check("metric", () => findRow(reader, `SELECT count(*) FROM verify_canary WHERE verify_id = '${id}'`)),
          check("span", () =>
            findRow(reader, `SELECT count(*) FROM opentelemetry_traces WHERE trace_id = '${traceId}'`),
          ),
          check("log", () => findRow(reader, `SELECT count(*) FROM opentelemetry_logs WHERE trace_id = '${traceId}'`)),
        ];
    }
  });
}

/** From an exemplar in Prometheus to its trace in Tempo and the trace's log in Loki (S0-61, C-36). */
async function walk(prometheus: Reader, tempo: Reader, loki: Reader, { id, traceId: sent }: Probe): Promise<Missing> {
  const traces = await findExemplarTraces(prometheus, `verify_latency_seconds_bucket{verify_id="${id}"}`);
  if (typeof traces === "string") return traces;
  const [traceId] = traces;
  if (traceId === undefined) return "no exemplar on verify_latency_seconds_bucket";
  if (traceId !== sent) return `the exemplar names trace ${traceId}, sent was ${sent}`;
  const noTrace = await findTrace(tempo, "tempo", traceId);
  if (noTrace !== undefined) return `exemplar found; ${noTrace}`;
  const noLog = await findLine(loki, `{service_name="verify"} | trace_id="${traceId}"`);
  return noLog === undefined ? undefined : `exemplar and trace found; ${noLog}`;
}
