import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { SignalDefinition } from "../../components/signals/signal.ts";
import type { Panel } from "../library/panel.ts";
import { metric, type PanelQuery } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";
import { GPU_LEGEND, sumPerGpu, utilization } from "./expressions.ts";

const base = { kind: "timeseries", empty: "This GPU does not report." } as const;

/** What a GPU does. */
export const deviceWork: readonly Panel[] = [
  {
    ...base,
    title: "Utilisation",
    description:
      "Share of time the GPU, its encoder and its decoder were at work. A partitioned GPU has only the first.",
    queries: [
      metric(utilization, `${GPU_LEGEND}`),
      named(gpu.encoderUtilization, "encoder"),
      named(gpu.decoderUtilization, "decoder"),
    ],
    unit: "1",
    min: 0,
    max: 1,
  },
  {
    ...base,
    title: "What the chip is busy with",
    description:
      "Share of cycles of each part. High utilisation with idle tensor cores is a job that does not use them.",
    queries: [
      named(gpu.smActive, "SM active"),
      named(gpu.smOccupancy, "SM occupancy"),
      named(gpu.tensorActive, "tensor cores"),
      named(gpu.dramActive, "memory"),
      named(gpu.fp64Active, "fp64"),
      named(gpu.fp32Active, "fp32"),
      named(gpu.fp16Active, "fp16"),
    ],
    unit: "1",
    min: 0,
    max: 1,
  },
  {
    ...base,
    title: "Memory",
    description: "Memory jobs hold, of what there is; instances added up. At the top the next allocation fails.",
    queries: [
      metric(sumPerGpu(gpu.memoryUsed), `${GPU_LEGEND} in use`),
      metric(sumPerGpu(gpu.memoryTotal), `${GPU_LEGEND} total`),
    ],
    unit: "By",
    min: 0,
  },
  {
    ...base,
    title: "PCIe traffic",
    description: "Bytes a second over the bus. High both ways with low utilisation: the job waits for data.",
    queries: [named(gpu.pcieSent, "sent"), named(gpu.pcieReceived, "received")],
    unit: "By/s",
    min: 0,
  },
];

/** A part of the GPU; instances each have their share, so the mean is taken. */
function named(signal: SignalDefinition, part: string): PanelQuery {
  return metric(promql`avg by (host_name, gpu) (${signal}{${ON_GPU}})`, `${GPU_LEGEND} ${part}`);
}
