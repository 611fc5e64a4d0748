import { gpusExpected } from "../../components/alerts/gpu/expected.ts";
import { gpu } from "../../components/signals/gpu.ts";
import { type Query, promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Step } from "../library/palette.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU, ON_HOST } from "../library/variables.ts";
import { memoryShare, perGpu, throttled, utilization } from "./expressions.ts";
import { temperatureSteps } from "./steps.ts";

const ANY_IS_WARNING: readonly Step[] = [{ from: 1, state: "warning" }];
const ANY_IS_CRITICAL: readonly Step[] = [{ from: 1, state: "critical" }];

/** The fleet in numbers. */
export function fleetNow(numbers: Numbers): readonly Panel[] {
  return [
    count("GPUs that answer", "GPUs that reported their temperature just now.", perGpu(gpu.temperature), []),
    MISSING,
    count(
      "GPUs with an Xid",
      "GPUs whose driver reported an error in the exporter's window.",
      promql`max by (host_name, gpu) (${gpu.xids}{${ON_GPU}, xid!=""} > 0)`,
      ANY_IS_CRITICAL,
    ),
    count(
      "Throttled GPUs",
      "GPUs slowed down for heat or power at this moment.",
      promql`${throttled} > 0`,
      ANY_IS_WARNING,
    ),
    share("Mean utilisation", "Mean share of time all GPUs were at work.", utilization),
    share("Mean memory in use", "Mean share of GPU memory that jobs hold.", memoryShare),
    {
      title: "Hottest GPU",
      description: "Temperature of the hottest GPU chip.",
      kind: "stat",
      queries: [metric(promql`max(${gpu.temperature}{${ON_GPU}})`, "Temperature")],
      empty: "No GPU answers.",
      steps: temperatureSteps(numbers),
    },
    {
      title: "Power of all GPUs",
      description: "What all GPUs draw together, each board counted once.",
      kind: "stat",
      queries: [metric(promql`sum(${perGpu(gpu.power)})`, "Power")],
      empty: "No GPU answers.",
    },
    {
      title: "Energy in the time range",
      description: "Energy all GPUs used over the time range shown.",
      kind: "stat",
      queries: [
        metric(promql`sum(max by (host_name, gpu) (increase(${gpu.energy}{${ON_GPU}}[$__range]))) / 3600`, "Energy"),
      ],
      unit: "W.h",
      empty: "No GPU reports its energy.",
    },
  ];
}

/** GPUs the environment's own list has and nobody reports: a host that is gone altogether counts with all of its GPUs. */
const MISSING: Panel = {
  title: "Missing GPUs",
  description: "GPUs that do not report, of those the environment's own list has for these hosts.",
  kind: "stat",
  queries: [
    metric(
      promql`sum(
        ${gpusExpected}{host_name=~"$host_name"} - on (host_name) (
          count by (host_name) (max by (host_name, gpu) (${gpu.temperature}{${ON_HOST}}))
          or on (host_name) ${gpusExpected} * 0
        )
      )`,
      "Missing",
    ),
  ],
  unit: "{gpu}",
  empty: "Nothing says how many GPUs there must be: Prometheus has no rules.",
  steps: ANY_IS_CRITICAL,
};

function count(title: string, description: string, query: Query, steps: readonly Step[]): Panel {
  return {
    title,
    description,
    kind: "stat",
    queries: [metric(promql`count(${query}) or vector(0)`, title, { always: true })],
    unit: "{gpu}",
    empty: "Prometheus does not answer.",
    steps,
  };
}

function share(title: string, description: string, query: Query): Panel {
  return {
    title,
    description,
    kind: "stat",
    queries: [metric(promql`avg(${query})`, title)],
    unit: "1",
    empty: "No GPU answers.",
  };
}
