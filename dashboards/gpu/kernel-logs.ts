import type { DashboardDefinition } from "../library/dashboard.ts";
import { ENVIRONMENT, GPU, HOST_NAME } from "../library/variables.ts";
import { kernelLines } from "./kernel-lines.ts";
import { kernelRates } from "./kernel-rates.ts";
import { kernelWork } from "./kernel-work.ts";
import { xidsByGpu, xidsOfKernel } from "./xid-panels.ts";

/** What kernels and NVIDIA's driver say, and who was at work then. */
export function kernelLogs(): DashboardDefinition {
  return {
    uid: "kernel-logs",
    description: "Kernel log of GPU hosts: Xids, severities and lines, with the jobs and traces of the same hosts.",
    tags: ["gpu", "host", "logs"],
    variables: [ENVIRONMENT, HOST_NAME, GPU],
    links: ["gpu-fleet", "gpu-host", "gpu-device", "gpu-workloads"],
    rows: [
      { title: "Rates", panels: kernelRates },
      { title: "Xids", panels: [xidsOfKernel, xidsByGpu] },
      { title: "Lines", panels: kernelLines },
      { title: "Who was at work", panels: kernelWork },
    ],
  };
}
