import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";
import { GPU_LEGEND, perGpu, THROTTLE_REASONS, throttledBy } from "./expressions.ts";
import { memoryTemperatureSteps, temperatureSteps, thermalSteps } from "./steps.ts";

const base = { kind: "timeseries", empty: "This GPU does not report." } as const;

const CLOCK_EVENTS: Panel = {
  ...base,
  title: "Clock events",
  description: "Times the driver reported a reason to change clocks, in the exporter's window.",
  queries: [
    metric(
      promql`max by (host_name, gpu, clock_event) (${gpu.clockEvents}{${ON_GPU}, clock_event!=""})`,
      `${GPU_LEGEND} {{clock_event}}`,
    ),
  ],
  unit: "{event}",
  empty: "No clock event in the exporter's window: good.",
  min: 0,
};

/** How fast a GPU may run, and what holds it back. */
export function devicePace(numbers: Numbers): readonly Panel[] {
  return [
    {
      ...base,
      title: "Clocks",
      description: "Clock of the processors and of the memory. A drop under load is throttling: its reason is beside.",
      queries: [
        metric(perGpu(gpu.smClock), `${GPU_LEGEND} SM`),
        metric(perGpu(gpu.memoryClock), `${GPU_LEGEND} memory`),
      ],
      unit: "MHz",
      min: 0,
    },
    {
      ...base,
      title: "Throttled by reason",
      description:
        "Share of time the GPU was slowed down, by what for. Heat is airflow, and alerts past the line; power is the board's limit.",
      queries: Object.entries(THROTTLE_REASONS).map(([reason, signal]) =>
        metric(throttledBy(signal), `${GPU_LEGEND} ${reason}`),
      ),
      unit: "1",
      steps: thermalSteps(numbers),
      min: 0,
    },
    CLOCK_EVENTS,
    {
      ...base,
      title: "Temperature of the chip",
      description: "Past the line it is near the point where it slows itself down.",
      queries: [metric(perGpu(gpu.temperature), GPU_LEGEND)],
      steps: temperatureSteps(numbers),
    },
    {
      ...base,
      title: "Temperature of the memory",
      description: "Past the line memory fails sooner.",
      queries: [metric(perGpu(gpu.memoryTemperature), GPU_LEGEND)],
      steps: memoryTemperatureSteps(numbers),
    },
    {
      ...base,
      title: "Power",
      description: "What the board draws.",
      queries: [metric(perGpu(gpu.power), GPU_LEGEND)],
      min: 0,
    },
  ];
}
