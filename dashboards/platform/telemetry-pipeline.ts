import { spans } from "../../components/signals/applications.ts";
import { process, prometheus, scrape, tempo } from "../../components/signals/backends.ts";
import { collector } from "../../components/signals/collector.ts";
import { node } from "../../components/signals/host.ts";
import { promql } from "../../components/signals/query.ts";
import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel, PanelLink } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { flowPanels, lossPanels, queuePanels } from "./flow.ts";

/** Collectors, scrapes and series: whether telemetry itself works (S4 L97, L104; S3 L63; S0 L36). */
export function telemetryPipeline(numbers: Numbers): DashboardDefinition {
  return {
    uid: "telemetry-pipeline",
    description: "What comes in, what goes out, what waits and what is lost, at every collector; and what it costs.",
    tags: ["platform"],
    variables: [],
    links: ["backends", "cost-energy", "capacity"],
    rows: [
      { title: "Now", panels: [collectors, targets, sampled, overhead] },
      { title: "Flow", panels: flowPanels },
      { title: "Queues", panels: queuePanels(numbers) },
      { title: "Loss", panels: lossPanels },
      { title: "Collectors", panels: [memory(numbers), cpu, restarts] },
      { title: "Scrapes and series", panels: [down, age(numbers), scrapeTime, series, newSeries(numbers)] },
    ],
  };
}

/** What telemetry may cost, as a share of what it observes (S1 L234, S3 L54). */
const OVERHEAD = { expected: 0.03, most: 0.05 } as const;
const TO_BACKENDS: PanelLink = { title: "Backends", to: "backends", labels: ["job"] };

const collectors: Panel = {
  title: "Collectors up",
  description: "Agents and gateways that answer.",
  kind: "stat",
  queries: [metric(promql`sum by (job) (${scrape.up}{job=~"agent|gateway"})`, "{{job}}")],
  unit: "{collector}",
  empty: "No collector answers: there is no telemetry at all.",
  width: 6,
};

const targets: Panel = {
  title: "Targets down",
  description: "Programs that did not answer the last scrape.",
  kind: "stat",
  queries: [metric(promql`count(${scrape.up}) - sum(${scrape.up})`, "")],
  unit: "{target}",
  empty: "Nothing is scraped.",
  steps: [{ from: 1, state: "critical" }],
  width: 6,
};

const sampled: Panel = {
  title: "Traces kept",
  description:
    "Share of spans that reach Tempo of those the gateways saw in 15 minutes: the sampling rate in effect. Errors and slow traces are kept beyond the rate set.",
  kind: "stat",
  queries: [
    metric(
      promql`
        clamp_max(sum(increase(${tempo.spansReceived}[15m])) / (sum(increase(${spans.calls}[15m])) > 100), 1)`,
      "",
    ),
  ],
  unit: "1",
  empty: "Fewer than 100 spans were seen: too few for a share.",
  width: 6,
};

const overhead: Panel = {
  title: "Processor time of agents",
  description: "Share of a host's processors its agent uses; 1 to 3 % is usual, more than 5 % is too much.",
  kind: "stat",
  queries: [
    metric(
      promql`
        max(
          sum by (host_name) (rate(${collector.cpu}{job="agent"}[$__rate_interval]))
          / count by (host_name) (count by (host_name, cpu) (${node.cpu}))
        )`,
      "",
    ),
  ],
  unit: "1",
  empty: "No agent reports its processor time.",
  steps: [
    { from: OVERHEAD.expected, state: "warning" },
    { from: OVERHEAD.most, state: "critical" },
  ],
  width: 6,
};

const memory = (numbers: Numbers): Panel => ({
  title: "Memory of collectors",
  description: "Resident memory. Past the lines, agents and gateways near their hard limits.",
  kind: "timeseries",
  queries: [
    metric(
      promql`max by (job, host_name, instance) (${collector.memory}{job=~"agent|gateway"})`,
      "{{job}} {{instance}}",
    ),
  ],
  empty: "No collector reports its memory.",
  min: 0,
  width: 8,
  steps: [
    { from: numbers.telemetry.memoryShare * numbers.inventory.memoryMiB.gateway * 1024 * 1024, state: "warning" },
  ],
});

const cpu: Panel = {
  title: "Processor time of collectors",
  description: "Processors each collector keeps busy.",
  kind: "timeseries",
  queries: [
    metric(
      promql`max by (job, host_name, instance) (rate(${collector.cpu}{job=~"agent|gateway"}[$__rate_interval]))`,
      "{{job}} {{instance}}",
    ),
  ],
  unit: "{cpu}",
  empty: "No collector reports its processor time.",
  min: 0,
  width: 8,
};

const restarts: Panel = {
  title: "Time since start",
  description: "How long each collector has run: a fall to zero is a restart.",
  kind: "timeseries",
  queries: [metric(promql`max by (job, instance) (${collector.uptime}{job=~"agent|gateway"})`, "{{job}} {{instance}}")],
  unit: "s",
  empty: "No collector reports its age.",
  min: 0,
  width: 8,
};

const down: Panel = {
  title: "Scraped programs",
  description: "1 where a program answered its last scrape, 0 where it did not.",
  kind: "state-timeline",
  queries: [metric(promql`min by (job, instance) (${scrape.up})`, "{{job}} {{instance}}")],
  unit: "{state}",
  empty: "Nothing is scraped.",
  words: { "0": { text: "down", state: "critical" }, "1": { text: "up", state: "ok" } },
  links: [TO_BACKENDS],
  height: 10,
};

const age = (numbers: Numbers): Panel => ({
  title: "Age of the newest data",
  description: "How old the newest metrics of each host are. Past the line they wait in a queue, or clocks differ.",
  kind: "timeseries",
  queries: [metric(promql`max by (host_name) (time() - timestamp(${scrape.up}{job="agent"}))`, "{{host_name}}")],
  unit: "s",
  empty: "No host sends anything.",
  min: 0,
  steps: [{ from: numbers.telemetry.dataAge, state: "warning" }],
  width: 24,
});

const scrapeTime: Panel = {
  title: "Slowest scrapes",
  description: "How long the ten slowest scrapes take; one that takes its whole interval leaves gaps.",
  kind: "timeseries",
  queries: [metric(promql`topk(10, max by (job, instance) (${scrape.duration}))`, "{{job}} {{instance}}")],
  empty: "Nothing is scraped.",
  min: 0,
  width: 8,
};

const series: Panel = {
  title: "Series in Prometheus",
  description: "Series each Prometheus holds in memory. They cost most of its memory.",
  kind: "timeseries",
  queries: [
    metric(promql`max by (instance) (${prometheus.headSeries})`, "{{instance}}"),
    metric(promql`max by (instance) (${process.memory}{job="prometheus"})`, "{{instance}} memory", {
      axis: "right",
      unit: "By",
    }),
  ],
  unit: "{series}",
  empty: "No Prometheus reports its series.",
  min: 0,
  width: 8,
};

const newSeries = (numbers: Numbers): Panel => ({
  title: "New series",
  description: "Series that appear in a second. Past the line a label takes ever new values.",
  kind: "timeseries",
  queries: [
    metric(promql`max by (instance) (rate(${prometheus.headSeriesCreated}[$__rate_interval]))`, "{{instance}}"),
  ],
  empty: "No Prometheus reports its series.",
  min: 0,
  width: 8,
  steps: [{ from: numbers.telemetry.newSeriesPerSecond, state: "warning" }],
});
