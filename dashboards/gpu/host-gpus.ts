import { gpu } from "../../components/signals/gpu.ts";
import type { Query } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Numbers } from "../library/numbers.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { GPU_LEGEND, increasePerGpu, memoryShare, perGpu, throttled, utilization } from "./expressions.ts";
import { temperatureSteps, thermalSteps } from "./steps.ts";

/** The GPUs of a host, over time. */
export function hostGpus(numbers: Numbers): readonly Panel[] {
  return [
    share("Utilisation", "Share of time each GPU was at work.", utilization),
    share("Memory in use", "Share of each GPU's memory that jobs hold.", memoryShare),
    {
      ...plain(
        "Temperature",
        "Temperature of each GPU chip. One hotter than its neighbours has an airflow problem.",
        gpu.temperature,
      ),
      steps: temperatureSteps(numbers),
    },
    plain("Power", "What each board draws.", gpu.power),
    {
      ...share(
        "Throttled",
        "Share of time each GPU was slowed down for heat or power; heat alone alerts past the line.",
        throttled,
      ),
      steps: thermalSteps(numbers),
    },
    {
      ...base("Errors in the time range", "Errors each GPU had. Many on one GPU foretell its failure."),
      kind: "table",
      queries: [
        metric(increasePerGpu(gpu.eccCorrected), "Corrected", { unit: "{error}" }),
        metric(increasePerGpu(gpu.eccUncorrected), "Uncorrected", { unit: "{error}" }),
        metric(increasePerGpu(gpu.pcieReplays), "PCIe replays", { unit: "{event}" }),
        metric(increasePerGpu(gpu.nvlinkReplays), "NVLink replays", { unit: "{event}" }),
      ],
      unit: "{error}",
      width: 12,
    },
  ];
}

function base(title: string, description: string) {
  return {
    title,
    description,
    empty: "No GPU of this host reports: its exporter or agent does not answer.",
    links: [{ title: "This GPU", to: "gpu-device" as const, labels: ["host_name", "gpu"] }],
  };
}

function share(title: string, description: string, query: Query): Panel {
  return {
    ...base(title, description),
    kind: "timeseries",
    queries: [metric(query, GPU_LEGEND)],
    unit: "1",
    min: 0,
    max: 1,
  };
}

function plain(title: string, description: string, signal: SignalDefinition): Panel {
  return { ...base(title, description), kind: "timeseries", queries: [metric(perGpu(signal), GPU_LEGEND)] };
}
