import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";
import { memoryShare, perGpu, state, STATES, throttled, utilization } from "./expressions.ts";
import { temperatureSteps, thermalSteps } from "./steps.ts";

/** A row per GPU. */
export function gpuTable(numbers: Numbers): Panel {
  return {
    title: "Each GPU",
    description: "One row per GPU, as it is now. Its link leads to everything of that GPU.",
    kind: "table",
    queries: [
      metric(state, "State", { unit: "{state}", always: true }),
      metric(utilization, "Utilisation", { unit: "1" }),
      metric(memoryShare, "Memory in use", { unit: "1" }),
      metric(perGpu(gpu.temperature), "Temperature", { unit: "Cel", steps: temperatureSteps(numbers) }),
      metric(perGpu(gpu.power), "Power", { unit: "W" }),
      metric(throttled, "Throttled", { unit: "1", steps: thermalSteps(numbers) }),
      metric(promql`max by (host_name, gpu) (${gpu.eccUncorrected}{${ON_GPU}})`, "Uncorrected errors since boot", {
        unit: "{error}",
        steps: [{ from: 1, state: "critical" }],
      }),
    ],
    unit: "{state}",
    empty: "No GPU answers.",
    columnWords: { State: STATES },
    links: [
      { title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] },
      { title: "This host", to: "gpu-host", labels: ["host_name"] },
    ],
    height: 12,
  };
}
