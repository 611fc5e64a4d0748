import { gpu } from "../signals/gpu.ts";
import { bucketsOf, promql } from "../signals/query.ts";
import { spans } from "../signals/applications.ts";
import type { GrafanaSources } from "./settings.ts";

/** Where each kind of link leads here; a kind whose target the environment lacks is absent. */
export interface LinkTargets {
  readonly metrics?: "prometheus";
  readonly logs?: "loki";
  readonly traces?: "tempo" | "jaeger";
}

export function planLinkTargets({ prometheus, externalPrometheus, loki, tempo, jaeger }: GrafanaSources): LinkTargets {
  return {
    ...((prometheus ?? externalPrometheus) === undefined ? {} : { metrics: "prometheus" }),
    ...(loki === undefined ? {} : { logs: "loki" }),
    ...(tempo !== undefined ? { traces: "tempo" } : jaeger !== undefined ? { traces: "jaeger" } : {}),
  };
}

/** From a point of a histogram to the trace it came from (C-36). */
export function linkFromExemplar({ traces }: LinkTargets): object {
  if (traces === undefined) return {};
  return { exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: traces, urlDisplayLabel: "Open trace" }] };
}

/** From a line to the trace it was written in; OTLP logs keep the id in structured metadata, not in the line. */
export function linkFromLine({ traces }: LinkTargets): object {
  if (traces === undefined) return {};
  const field = { name: "trace_id", matcherType: "label", matcherRegex: "trace_id", url: "${__value.raw}" };
  return { derivedFields: [{ ...field, urlDisplayLabel: "Open trace", datasourceUid: traces }] };
}

/** From a span to its lines, to the metrics of its service and to the GPUs of its host, and the map of services. */
export function linksFromSpan({ metrics, logs }: LinkTargets): object {
  return {
    ...(logs === undefined ? {} : { tracesToLogsV2: toLogs(logs) }),
    ...(metrics === undefined ? {} : { tracesToMetrics: toMetrics(metrics) }),
    nodeGraph: { enabled: true },
  };
}

function toLogs(datasourceUid: string): object {
  return {
    datasourceUid,
    ...around("1h"),
    tags: [{ key: "service.name", value: "service_name" }],
    // A filter by trace id looks into the text of a line, which does not hold it.
    customQuery: true,
    query: '{${__tags}} | trace_id="${__trace.traceId}"',
  };
}

function toMetrics(datasourceUid: string): object {
  const queries = {
    "Requests per second": promql`sum(rate(${spans.calls}{$__tags}[$__rate_interval]))`,
    "Failures per second": promql`sum(rate(${spans.calls}{$__tags, status_code="STATUS_CODE_ERROR"}[$__rate_interval]))`,
    "Latency, 95th percentile": promql`histogram_quantile(0.95,
      sum by (le) (rate(${bucketsOf(spans.duration)}{$__tags}[$__rate_interval])))`,
    "GPU use on its host": promql`max by (gpu) (${gpu.utilization}{host_name="\${__span.tags["host.name"]}"})`,
    "GPU temperature on its host": promql`max by (gpu) (${gpu.temperature}{host_name="\${__span.tags["host.name"]}"})`,
  };
  return {
    datasourceUid,
    ...around("15m"),
    tags: [{ key: "service.name", value: "service_name" }],
    queries: Object.entries(queries).map(([name, { text }]) => ({ name, query: text })),
  };
}

function around(time: string): object {
  return { spanStartTimeShift: `-${time}`, spanEndTimeShift: time };
}
