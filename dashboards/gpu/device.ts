import type { DashboardDefinition } from "../library/dashboard.ts";
import type { Numbers } from "../library/numbers.ts";
import { ENVIRONMENT, GPU, HOST_NAME, single } from "../library/variables.ts";
import { deviceHealth } from "./device-health.ts";
import { deviceInstances } from "./device-instances.ts";
import { deviceNow } from "./device-now.ts";
import { deviceWork } from "./device-work.ts";
import { devicePace } from "./device-pace.ts";
import { xidsByGpu, xidsOfKernel } from "./xid-panels.ts";

/** Everything of one GPU. */
export function gpuDevice(numbers: Numbers): DashboardDefinition {
  return {
    uid: "gpu-device",
    description: "Everything that is measured of one GPU: its work, clocks, power, links, memory health and errors.",
    tags: ["gpu"],
    variables: [ENVIRONMENT, single(HOST_NAME), single(GPU)],
    links: ["gpu-fleet", "gpu-host", "gpu-workloads", "kernel-logs"],
    rows: [
      { title: "Now", panels: deviceNow(numbers) },
      { title: "Work", panels: deviceWork },
      { title: "Clocks, heat and power", panels: devicePace(numbers) },
      { title: "Health", panels: [xidsByGpu, xidsOfKernel, ...deviceHealth(numbers)] },
      { title: "Instances and jobs", panels: deviceInstances },
    ],
  };
}
