import { spans } from "../../components/signals/applications.ts";
import { jaeger, loki, prometheus, scrape, tempo } from "../../components/signals/backends.ts";
import { promql, sumOf } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_ENVIRONMENT } from "../library/variables.ts";
import { prometheusDisk } from "../platform/prometheus.ts";

const OPERATION = "service_name, span_name";

/** Where the time of applications goes. */
export const workCost: readonly Panel[] = [
  {
    title: "Operations by time spent",
    description:
      "The ten operations that work most: seconds of work a second, the time of whatever they call included. What is first here is worth making faster.",
    kind: "timeseries",
    queries: [
      metric(
        promql`
          topk(10, sum by (${OPERATION}) (rate(${sumOf(spans.duration)}{${ON_ENVIRONMENT}}[$__rate_interval])))`,
        "{{service_name}} {{span_name}}",
      ),
    ],
    unit: "{second}/s",
    empty: "No operation ran.",
    min: 0,
  },
  {
    title: "Operations",
    description: "Runs and total time of the twenty operations that took most, within the range shown.",
    kind: "table",
    queries: [
      metric(
        promql`
          topk(20, sum by (${OPERATION}) (increase(${sumOf(spans.duration)}{${ON_ENVIRONMENT}}[$__range])))`,
        "time",
        { unit: "s" },
      ),
    ],
    unit: "s",
    empty: "No operation ran.",
    width: 12,
  },
];

/** What telemetry itself costs. */
export const telemetryCost: readonly Panel[] = [
  {
    title: "Telemetry, items",
    description: "Samples, spans and lines a second that the stores take in.",
    kind: "timeseries",
    queries: [
      metric(promql`max(sum by (instance) (rate(${prometheus.samplesAppended}[$__rate_interval])))`, "samples"),
      metric(promql`sum(rate(${tempo.spansReceived}[$__rate_interval]))`, "spans"),
      metric(promql`sum(rate(${loki.linesReceived}[$__rate_interval]))`, "lines"),
    ],
    unit: "{item}/s",
    empty: "No store takes anything in.",
    min: 0,
    width: 8,
  },
  {
    title: "Telemetry, bytes",
    description: "Bytes a second of traces and logs that the stores take in.",
    kind: "timeseries",
    queries: [
      metric(promql`sum(rate(${tempo.bytesReceived}[$__rate_interval]))`, "traces"),
      metric(promql`sum(rate(${loki.bytesReceived}[$__rate_interval]))`, "logs"),
    ],
    unit: "By/s",
    empty: "No store takes anything in.",
    min: 0,
    width: 8,
  },
  {
    title: "Storage",
    description: "Disk of the stores that report it: Prometheus by replica, and Jaeger.",
    kind: "timeseries",
    queries: [
      metric(prometheusDisk, "Prometheus {{instance}}"),
      metric(promql`sum(${jaeger.lsmBytes}) + sum(${jaeger.valueLogBytes})`, "Jaeger", {
        absentWhile: "Jaeger is off or keeps its traces in memory",
      }),
    ],
    unit: "By",
    empty: "No store reports its disk.",
    min: 0,
    stack: true,
    width: 8,
  },
  {
    title: "Series by host",
    description: "Series the exporters of each host serve, by program. They are most of what a host costs.",
    kind: "timeseries",
    queries: [metric(promql`sum by (host_name, job) (${scrape.samples}{${ON_ENVIRONMENT}})`, "{{host_name}} {{job}}")],
    unit: "{series}",
    empty: "No exporter of a host is scraped.",
    min: 0,
    stack: true,
    width: 24,
  },
];
