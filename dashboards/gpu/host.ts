import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import { ENVIRONMENT, GPU, HOST_NAME, single } from "../library/variables.ts";
import { gpuTable } from "./gpu-table.ts";
import { hostGpus } from "./host-gpus.ts";
import { hostLines } from "./host-lines.ts";
import { hostNow } from "./host-now.ts";
import { hostMachine } from "./host-machine.ts";
import { xidsByGpu, xidsOfKernel } from "./xid-panels.ts";

/** One host: its GPUs, the machine they are in, and what its kernel says. */
export function gpuHost(numbers: Numbers): DashboardDefinition {
  return {
    uid: "gpu-host",
    description: "One GPU host: its GPUs side by side, the machine itself, and its kernel log.",
    tags: ["gpu", "host"],
    variables: [ENVIRONMENT, single(HOST_NAME), GPU],
    links: ["gpu-fleet", "gpu-device", "kernel-logs", "telemetry-pipeline"],
    rows: [
      { title: "Now", panels: hostNow },
      { title: "GPUs", panels: [gpuTable(numbers), ...hostGpus(numbers)] },
      { title: "Driver errors", panels: [xidsByGpu, xidsOfKernel] },
      { title: "Machine", panels: hostMachine },
      { title: "Log", panels: hostLines },
    ],
  };
}
