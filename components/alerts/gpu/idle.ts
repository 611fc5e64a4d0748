import { gpu } from "../../signals/gpu.ts";
import { promql } from "../../signals/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { GPU, THE_GPU } from "./labels.ts";
import type { GpuThresholds } from "./thresholds.ts";

/** GPUs that cost and do nothing. That memory is nearly full asks for no action: frameworks take all of it at the start. */
export function idleAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  const held = promql`sum by (host_name, gpu) (${gpu.memoryUsed}) / sum by (host_name, gpu) (${gpu.memoryTotal}) > ${t.idleMemoryShare}`;
  return [
    {
      name: "GpuHeldIdle",
      severity: "info",
      meaning: "Somebody holds the GPU's memory, and nothing has run on it for an hour.",
      summary: `${THE_GPU}: held, and idle for an hour`,
      query: promql`max by (${GPU}) (avg_over_time(${gpu.graphicsActive}[1h])) < ${t.idleActivity} and on (host_name, gpu) ${held}`,
      for: "30m",
      dashboard: "cost-energy",
      datadog: { exempt: "it holds when a GPU is idle and its memory is held: a monitor compares one number" },
      impact: "The GPU's cost and about a tenth of its power, for nothing; others wait for it.",
      actions: [
        "Who holds it: `nvidia-smi -i <gpu> --query-compute-apps=pid,name,used_memory --format=csv`.",
        "Ask the owner to end a forgotten notebook or a stuck job.",
      ],
      knobs: ["alerts.gpu.idleActivity", "alerts.gpu.idleMemoryShare"],
      requirements: ["S1-53", "S4-05"],
    },
  ];
}
