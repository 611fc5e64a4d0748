import { collector } from "../../components/signals/collector.ts";
import { promql } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric, type QueryOptions } from "../library/panel-query.ts";

/** Jaeger is a collector too; its own flow is on the dashboard of backends. */
const OURS = 'job=~"agent|gateway"';
type Counters = readonly [spans: SignalDefinition, points: SignalDefinition, records: SignalDefinition];
const KINDS = ["spans", "metric points", "log records"] as const;

/** A panel over the counters of spans, points and records. */
function flow(
  title: string,
  description: string,
  counters: Counters,
  by: "job" | "exporter",
  empty: string,
  options: QueryOptions = {},
): Panel {
  const labels = by === "job" ? "job" : "job, exporter";
  const legend = by === "job" ? "{{job}}" : "{{job}} {{exporter}}";
  return {
    title,
    description,
    kind: "timeseries",
    queries: counters.map((counter, index) =>
      metric(
        promql`sum by (${labels}) (rate(${counter}{${OURS}}[$__rate_interval]))`,
        `${legend} ${KINDS[index] ?? ""}`,
        options,
      ),
    ),
    unit: "{item}/s",
    empty,
    min: 0,
  };
}

const ACCEPTED = [collector.acceptedSpans, collector.acceptedPoints, collector.acceptedRecords] as const;
const REFUSED = [collector.refusedSpans, collector.refusedPoints, collector.refusedRecords] as const;
const SENT = [collector.sentSpans, collector.sentPoints, collector.sentRecords] as const;
const FAILED = [collector.failedSpans, collector.failedPoints, collector.failedRecords] as const;
const OVERFLOWED = [
  collector.enqueueFailedSpans,
  collector.enqueueFailedPoints,
  collector.enqueueFailedRecords,
] as const;

export const flowPanels: readonly Panel[] = [
  flow(
    "Accepted",
    "Items a second that agents and gateways took in. Gateways take in less than agents: something is held up between.",
    ACCEPTED,
    "job",
    "No collector takes anything in.",
  ),
  flow("Sent", "Items a second each destination took.", SENT, "exporter", "No collector sends anything."),
];

export const lossPanels: readonly Panel[] = [
  {
    ...flow(
      "Refused",
      "Items a second turned away for want of memory. Their sender tries again; while it lasts, data comes late.",
      REFUSED,
      "job",
      "Nothing was refused.",
    ),
    width: 8,
  },
  {
    ...flow(
      "Rejected by a destination",
      "Items a second a destination did not take for good. They are lost.",
      FAILED,
      "exporter",
      "No destination rejected anything.",
    ),
    width: 8,
  },
  {
    ...flow(
      "Lost to a full queue",
      "Items a second thrown away because a gateway's queue was full. Agents wait instead.",
      OVERFLOWED,
      "exporter",
      "No queue overflowed.",
      { absentWhile: "no queue overflowed" },
    ),
    width: 8,
  },
];

/** How full queues are, and how long that lasts. */
export function queuePanels(numbers: Numbers): readonly Panel[] {
  return [
    {
      title: "Queues",
      description: "Share of each queue in use. A queue that fills has a destination that is away or too slow.",
      kind: "timeseries",
      queries: [
        metric(
          promql`
            max by (job, instance, exporter, data_type) (${collector.queueSize}{${OURS}})
            / max by (job, instance, exporter, data_type) (${collector.queueCapacity}{${OURS}})`,
          "{{job}} {{instance}} {{exporter}} {{data_type}}",
        ),
      ],
      unit: "1",
      empty: "No collector has a queue.",
      min: 0,
      max: 1,
      steps: [{ from: numbers.telemetry.queueFull, state: "critical" }],
    },
    {
      title: "Queues, by what they hold",
      description: "What waits in each queue, in its own unit: bytes on disk, or batches.",
      kind: "timeseries",
      queries: [
        metric(
          promql`max by (job, instance, exporter, data_type) (${collector.queueSize}{${OURS}})`,
          "{{job}} {{instance}} {{exporter}} {{data_type}}",
        ),
      ],
      unit: "{item}",
      empty: "No collector has a queue.",
      min: 0,
    },
  ];
}
