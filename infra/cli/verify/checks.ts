import type { VerifyAgent, VerifyBackend } from "./plan.ts";
import type { Probe } from "./probe.ts";
import { findExemplarTraces, findLine, findRow, findSeries, findTrace, type Missing, type Reader } from "./read.ts";

/** One cell to fill for one agent: a signal that must be found in a backend. */
export interface Check {
  readonly signal: string;
  readonly backend: string;
  readonly agent: string;
  readonly look: () => Promise<Missing>;
}

/** Everything that must be found of one agent's probe and host. */
export function planChecks(
  probe: Probe,
  agent: VerifyAgent,
  backends: readonly VerifyBackend[],
  readerOf: (backend: VerifyBackend) => Reader,
): readonly Check[] {
  const { id, traceId } = probe;
  const readers = new Map(backends.map((backend) => [backend.kind, readerOf(backend)]));
  return backends.flatMap((backend) => {
    const reader = readerOf(backend);
    const check = (signal: string, look: () => Promise<Missing>): Check => ({
      signal,
      backend: backend.name,
      agent: agent.name,
      look,
    });
    switch (backend.kind) {
      case "prometheus":
        return [
          check("metric", () => findSeries(reader, `verify_canary{verify_id="${id}"}`)),
          check("GPU metric", () => findSeries(reader, `hw_gpu_utilization_ratio{host_name="${agent.host}"}`)),
          check("host metric", () => findSeries(reader, `node_load1{host_name="${agent.host}"}`)),
          check("exemplar → trace → log", () => walk(reader, readers.get("tempo"), readers.get("loki"), probe)),
        ];
      case "tempo":
      case "jaeger":
        return [check("span", () => findTrace(reader, backend.kind as "tempo" | "jaeger", traceId))];
      case "loki":
        return [
          check("log", () => findLine(reader, `{service_name="verify"} | verify_id="${id}"`)),
          check("kernel line", () => findLine(reader, `{service_name="kernel", host_name="${agent.host}"}`)),
        ];
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
async function walk(
  prometheus: Reader,
  tempo: Reader | undefined,
  loki: Reader | undefined,
  { id }: Probe,
): Promise<Missing> {
  const traces = await findExemplarTraces(prometheus, `verify_latency_seconds_bucket{verify_id="${id}"}`);
  if (typeof traces === "string") return traces;
  const [traceId] = traces;
  if (traceId === undefined) return "no exemplar on verify_latency_seconds_bucket";
  const noTrace = tempo === undefined ? undefined : await findTrace(tempo, "tempo", traceId);
  if (noTrace !== undefined) return `exemplar found; ${noTrace}`;
  const noLog =
    loki === undefined ? undefined : await findLine(loki, `{service_name="verify"} | trace_id="${traceId}"`);
  return noLog === undefined ? undefined : `exemplar and trace found; ${noLog}`;
}
