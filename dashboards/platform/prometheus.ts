import { prometheus } from "../../components/signals/backends.ts";
import { bucketsOf, promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";

const NAMED = "{{instance}}";
const GIBIBYTE = 1024 ** 3;
const rateOf = (counter: (typeof prometheus)["tooOld"]) =>
  promql`sum by (instance) (rate(${counter}[$__rate_interval]))`;

/** Bytes on disk. */
export const prometheusDisk = promql`
  sum by (instance) (${prometheus.storageBytes})
  + sum by (instance) (${prometheus.walBytes})
  + sum by (instance) (${prometheus.headChunkBytes})`;

/** What needs no number to be judged. */
const health: readonly Panel[] = [
  {
    title: "Prometheus: rules",
    description: "How much of its interval the slowest rule group takes. At 1 evaluations are missed.",
    kind: "timeseries",
    queries: [
      metric(
        promql`
          max by (instance, rule_group) (${prometheus.ruleGroupDuration})
          / max by (instance, rule_group) (${prometheus.ruleGroupInterval})`,
        "{{instance}} {{rule_group}}",
      ),
    ],
    unit: "1",
    empty: "No Prometheus has rules.",
    min: 0,
    width: 8,
  },
  {
    title: "Prometheus: queries, P95",
    description: "One request in twenty takes longer, by handler; the five slowest.",
    kind: "timeseries",
    queries: [
      metric(
        promql`
          topk(5, histogram_quantile(0.95,
            sum by (le, handler) (rate(${bucketsOf(prometheus.httpDuration)}[$__rate_interval]))) >= 0)`,
        "{{handler}}",
      ),
    ],
    unit: "s",
    empty: "Nobody asks Prometheus anything.",
    min: 0,
    width: 8,
  },
  {
    title: "Prometheus: failed and refused",
    description: "Rules that failed, samples refused as too old, alerts dropped, a second.",
    kind: "timeseries",
    queries: [
      metric(rateOf(prometheus.ruleFailures), `${NAMED} rules failed`),
      metric(rateOf(prometheus.tooOld), `${NAMED} samples too old`),
      metric(rateOf(prometheus.outOfOrder), `${NAMED} samples out of order`),
      metric(rateOf(prometheus.notificationsDropped), `${NAMED} alerts dropped`),
    ],
    unit: "{event}/s",
    empty: "Nothing failed.",
    min: 0,
    width: 8,
  },
];

export const prometheusPanels = (numbers: Numbers): readonly Panel[] => [
  {
    title: "Prometheus: samples stored",
    description: "Samples a second each Prometheus stores; a drop to zero means that nothing arrives.",
    kind: "timeseries",
    queries: [metric(rateOf(prometheus.samplesAppended), NAMED)],
    empty: "No Prometheus answers its own scrape.",
    min: 0,
    width: 8,
  },
  {
    title: "Prometheus: series",
    description: "Series in memory. Past the line its memory limit is short.",
    kind: "timeseries",
    queries: [metric(promql`max by (instance) (${prometheus.headSeries})`, NAMED)],
    empty: "No Prometheus answers its own scrape.",
    min: 0,
    steps: [{ from: numbers.backends.prometheusSeries, state: "warning" }],
    width: 8,
  },
  {
    title: "Prometheus: disk",
    description: "Blocks, write-ahead log and head on disk.",
    kind: "timeseries",
    queries: [metric(prometheusDisk, NAMED)],
    unit: "By",
    empty: "No Prometheus answers its own scrape.",
    min: 0,
    steps: [{ from: numbers.backends.prometheusDiskGiB * GIBIBYTE, state: "critical" }],
    width: 8,
  },
  ...health,
];
