import { jaeger, loki, process, scrape, tempo } from "../../components/signals/backends.ts";
import { countOf, bucketsOf, promql, type Query } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { alertmanagerPanels } from "./alertmanager.ts";
import { prometheusPanels } from "./prometheus.ts";

const GIBIBYTE = 1024 ** 3;
const NAMED = "{{instance}}";
const perSecond = (counter: SignalDefinition, by = "instance"): Query =>
  promql`sum by (${by}) (rate(${counter}[$__rate_interval]))`;

/** What every store says of itself. */
export function backends(numbers: Numbers): DashboardDefinition {
  return {
    uid: "backends",
    description: "Prometheus, Alertmanager, Tempo, Loki and Jaeger: whether they take data in, answer, and have room.",
    tags: ["platform"],
    variables: [],
    links: ["telemetry-pipeline", "capacity"],
    rows: [
      { title: "All", panels: [up, memory, files, age] },
      { title: "Prometheus", panels: prometheusPanels(numbers) },
      { title: "Alertmanager", panels: alertmanagerPanels },
      { title: "Tempo", panels: [tempoIn, tempoTraces, latencyOf("Tempo", tempo.requestDuration), tempoTrouble] },
      { title: "Loki", panels: [lokiIn, lokiStreams, latencyOf("Loki", loki.requestDuration), lokiTrouble] },
      { title: "Requests", panels: [requestErrors(numbers)] },
      { title: "Jaeger", panels: [jaegerStore(numbers)] },
    ],
  };
}

const BACKENDS = 'job=~"prometheus|alertmanager|tempo|loki|jaeger|gateway"';

const up: Panel = {
  title: "Backends up",
  description: "1 where a backend answered its last scrape.",
  kind: "state-timeline",
  queries: [metric(promql`min by (job, instance) (${scrape.up}{${BACKENDS}})`, "{{job}} {{instance}}")],
  unit: "{state}",
  empty: "No backend is scraped.",
  words: { "0": { text: "down", state: "critical" }, "1": { text: "up", state: "ok" } },
};

const memory: Panel = {
  title: "Memory",
  description: "Resident memory of each backend.",
  kind: "timeseries",
  queries: [metric(promql`max by (job, instance) (${process.memory}{${BACKENDS}})`, "{{job}} {{instance}}")],
  empty: "No backend reports its memory.",
  min: 0,
  width: 8,
};

const files: Panel = {
  title: "Open files",
  description: "Share of the file descriptors a backend may open. At 1 it can neither answer nor write.",
  kind: "timeseries",
  queries: [
    metric(
      promql`
        max by (job, instance) (${process.openFiles}{${BACKENDS}})
        / max by (job, instance) (${process.maxFiles}{${BACKENDS}})`,
      "{{job}} {{instance}}",
    ),
  ],
  unit: "1",
  empty: "No backend reports its files.",
  min: 0,
  max: 1,
  width: 8,
};

const age: Panel = {
  title: "Time since start",
  description: "How long each backend has run: a fall to zero is a restart.",
  kind: "timeseries",
  queries: [metric(promql`time() - max by (job, instance) (${process.started}{${BACKENDS}})`, "{{job}} {{instance}}")],
  unit: "s",
  empty: "No backend reports its start.",
  min: 0,
  width: 8,
};

function latencyOf(name: string, histogram: SignalDefinition): Panel {
  return {
    title: `${name}: requests, P95`,
    description: "One request in twenty takes longer, by route; the five slowest.",
    kind: "timeseries",
    queries: [
      metric(
        promql`topk(5, histogram_quantile(0.95, sum by (le, route) (rate(${bucketsOf(histogram)}[$__rate_interval]))) >= 0)`,
        "{{route}}",
      ),
    ],
    unit: "s",
    empty: `Nobody asks ${name} anything.`,
    min: 0,
  };
}

const tempoIn: Panel = {
  title: "Tempo: taken in",
  description: "Spans and bytes a second.",
  kind: "timeseries",
  queries: [
    metric(perSecond(tempo.spansReceived), `${NAMED} spans`),
    metric(perSecond(tempo.bytesReceived), `${NAMED} bytes`, { axis: "right", unit: "By/s" }),
  ],
  unit: "{span}/s",
  empty: "Tempo gets no spans.",
  min: 0,
};

const tempoTraces: Panel = {
  title: "Tempo: live traces",
  description: "Traces not yet written to a block.",
  kind: "timeseries",
  queries: [metric(promql`sum by (instance) (${tempo.liveTraces})`, NAMED)],
  empty: "Tempo holds no live traces.",
  min: 0,
};

const tempoTrouble: Panel = {
  title: "Tempo: lost and failed",
  description: "Spans thrown away, by reason, and blocks that could not be written or compacted, a second.",
  kind: "timeseries",
  queries: [
    metric(perSecond(tempo.discardedSpans, "reason"), "discarded: {{reason}}", { absentWhile: "no span was refused" }),
    metric(perSecond(tempo.flushFailures), `${NAMED} flushes failed`),
    metric(perSecond(tempo.compactionErrors), `${NAMED} compactions failed`),
  ],
  unit: "{event}/s",
  empty: "Nothing was lost.",
  min: 0,
};

const lokiIn: Panel = {
  title: "Loki: taken in",
  description: "Lines and bytes a second.",
  kind: "timeseries",
  queries: [
    metric(perSecond(loki.linesReceived), `${NAMED} lines`),
    metric(perSecond(loki.bytesReceived), `${NAMED} bytes`, { axis: "right", unit: "By/s" }),
  ],
  unit: "{line}/s",
  empty: "Loki gets no lines.",
  min: 0,
};

const lokiStreams: Panel = {
  title: "Loki: streams",
  description: "Streams in memory. Many streams with few lines each mean that a stream label takes too many values.",
  kind: "timeseries",
  queries: [metric(promql`sum by (instance) (${loki.memoryStreams})`, NAMED)],
  empty: "Loki holds no streams.",
  min: 0,
};

const lokiTrouble: Panel = {
  title: "Loki: lost and failed",
  description: "Lines thrown away, by reason, writes that met a full disk, chunks that could not be written, panics.",
  kind: "timeseries",
  queries: [
    metric(perSecond(loki.discardedLines, "reason"), "discarded: {{reason}}", { absentWhile: "no line was refused" }),
    metric(perSecond(loki.flushFailures), `${NAMED} flushes failed`),
    metric(perSecond(loki.walDiskFull), `${NAMED} disk full`),
    metric(perSecond(loki.panics), `${NAMED} panics`),
  ],
  unit: "{event}/s",
  empty: "Nothing was lost.",
  min: 0,
};

const SERVER_ERROR = 'status_code=~"5.."';
const requests = (histogram: SignalDefinition, matchers = ""): Query =>
  promql`sum by (job) (rate(${countOf(histogram)}{${matchers}}[$__rate_interval]))`;
const failing = (histogram: SignalDefinition): Query =>
  promql`(${requests(histogram, SERVER_ERROR)} or 0 * ${requests(histogram)}) / (${requests(histogram)} > 0)`;

const requestErrors = (numbers: Numbers): Panel => ({
  title: "Requests that fail",
  description: "Share of the requests to Tempo and Loki answered with 5xx.",
  kind: "timeseries",
  queries: [metric(failing(tempo.requestDuration), "{{job}}"), metric(failing(loki.requestDuration), "{{job}}")],
  unit: "1",
  empty: "Nobody asks Tempo or Loki anything.",
  min: 0,
  steps: [{ from: numbers.backends.requestErrors, state: "critical" }],
  width: 24,
});

const jaegerStore = (numbers: Numbers): Panel => ({
  title: "Jaeger: size of its store",
  description: "Badger's index and value log.",
  kind: "timeseries",
  queries: [
    metric(promql`sum by (instance) (${jaeger.lsmBytes})`, `${NAMED} index`),
    metric(promql`sum by (instance) (${jaeger.valueLogBytes})`, `${NAMED} value log`),
  ],
  unit: "By",
  empty: "Jaeger keeps its traces in memory, or is off.",
  min: 0,
  stack: true,
  steps: [{ from: numbers.backends.jaegerDiskGiB * GIBIBYTE, state: "warning" }],
  width: 24,
});
