import type { DashboardDefinition } from "../library/dashboard.ts";
import { ENVIRONMENT, GPU, HOST_NAME, SERVICE_NAME } from "../library/variables.ts";
import { faultPanels } from "./workloads-faults.ts";
import { latencyPanels } from "./workloads-latency.ts";
import { workloadTraces } from "./workloads-traces.ts";

/** GPUs and the services that run on them, on one time axis (S0-67). */
export function gpuWorkloads(): DashboardDefinition {
  return {
    uid: "gpu-workloads",
    description:
      "Whether a slow or failing service is a slow or failing GPU: both on one time axis, then the traces and the lines.",
    tags: ["gpu", "services"],
    variables: [ENVIRONMENT, HOST_NAME, GPU, SERVICE_NAME],
    links: ["gpu-fleet", "gpu-host", "gpu-device", "request-flow", "kernel-logs"],
    rows: [
      { title: "Throttling and latency", panels: latencyPanels },
      { title: "Faults and failures", panels: faultPanels },
      { title: "Traces and lines", panels: workloadTraces },
    ],
  };
}
