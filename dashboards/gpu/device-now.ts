import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";
import { GPU_LEGEND, memoryShare, perGpu, state, STATES, utilization } from "./expressions.ts";
import { temperatureSteps } from "./steps.ts";

const base = { kind: "stat", empty: "This GPU does not report." } as const;

const BOARD: Panel = {
  title: "Which board",
  description: "The board behind the number: give its UUID and bus address to who replaces it.",
  kind: "table",
  queries: [
    metric(
      promql`count by (host_name, gpu, hw_model, hw_id, pci_bus_id, hw_driver_version) (${gpu.temperature}{${ON_GPU}})`,
      "Instances",
    ),
  ],
  unit: "{instance}",
  empty: "This GPU does not report.",
  height: 4,
};

/** One GPU in numbers. */
export function deviceNow(numbers: Numbers): readonly Panel[] {
  return [
    {
      ...base,
      title: "State",
      description: "Working, throttled for heat or power, or with an Xid in the exporter's window.",
      queries: [metric(state, GPU_LEGEND, { always: true })],
      unit: "{state}",
      words: STATES,
    },
    {
      ...base,
      title: "Utilisation now",
      description: "Share of time the GPU was at work.",
      queries: [metric(utilization, GPU_LEGEND)],
      unit: "1",
    },
    {
      ...base,
      title: "Memory in use now",
      description: "Share of its memory that jobs hold.",
      queries: [metric(memoryShare, GPU_LEGEND)],
      unit: "1",
    },
    {
      ...base,
      title: "Temperature now",
      description: "Temperature of the chip.",
      queries: [metric(perGpu(gpu.temperature), GPU_LEGEND)],
      steps: temperatureSteps(numbers),
    },
    {
      ...base,
      title: "Power now",
      description: "What the board draws.",
      queries: [metric(perGpu(gpu.power), GPU_LEGEND)],
    },
    {
      ...base,
      title: "Energy in the time range",
      description: "Energy the board used over the time range shown.",
      queries: [
        metric(promql`max by (host_name, gpu) (increase(${gpu.energy}{${ON_GPU}}[$__range])) / 3600`, GPU_LEGEND),
      ],
      unit: "W.h",
    },
    BOARD,
  ];
}
