import { gpu } from "../../components/signals/gpu.ts";
import { promql } from "../../components/signals/query.ts";
import type { Panel } from "../library/panel.ts";
import { metric } from "../library/panel-query.ts";
import { ON_GPU } from "../library/variables.ts";

const BY_INSTANCE = 'GPU_I_ID!=""';
const INSTANCE = "{{host_name}} GPU {{gpu}} instance {{GPU_I_ID}} ({{GPU_I_PROFILE}})";
const whole = { absentWhile: "the GPU is not partitioned" } as const;

/** The parts of a partitioned GPU, and who uses it. */
export const deviceInstances: readonly Panel[] = [
  {
    title: "Instances at work",
    description: "Share of time each instance (MIG) of the GPU was at work.",
    kind: "timeseries",
    queries: [
      metric(
        promql`max by (host_name, gpu, GPU_I_ID, GPU_I_PROFILE) (${gpu.graphicsActive}{${ON_GPU}, ${BY_INSTANCE}})`,
        INSTANCE,
        whole,
      ),
    ],
    empty: "The GPU is not partitioned.",
    min: 0,
    max: 1,
  },
  {
    title: "Memory of instances",
    description: "Memory jobs hold on each instance (MIG).",
    kind: "timeseries",
    queries: [
      metric(
        promql`max by (host_name, gpu, GPU_I_ID, GPU_I_PROFILE) (${gpu.memoryUsed}{${ON_GPU}, ${BY_INSTANCE}})`,
        INSTANCE,
        whole,
      ),
    ],
    empty: "The GPU is not partitioned.",
    min: 0,
    stack: true,
  },
  {
    title: "Jobs",
    description: "Jobs the scheduler put on the GPU, with the memory each holds.",
    kind: "table",
    queries: [
      metric(promql`sum by (host_name, gpu, GPU_I_ID, hpc_job) (${gpu.memoryUsed}{${ON_GPU}, hpc_job!=""})`, "Memory", {
        absentWhile: "no scheduler maps jobs to GPUs on the host",
      }),
    ],
    empty: "No scheduler says which job has the GPU.",
    height: 6,
  },
];
