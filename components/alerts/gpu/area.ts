import { GPU_RECORDINGS } from "../../signals/recordings-gpu.ts";
import { alertArea } from "../area.ts";
import { expectedGpus } from "./expected.ts";
import { idleAlerts } from "./idle.ts";
import { linkAlerts } from "./links.ts";
import { memoryAlerts } from "./memory.ts";
import { presenceAlerts } from "./presence.ts";
import { throttlingAlerts } from "./throttling.ts";
import { GPU_THRESHOLDS } from "./thresholds.ts";
import { xidAlerts } from "./xid.ts";

export const gpuArea = alertArea({
  name: "gpu",
  thresholds: GPU_THRESHOLDS,
  recordings: (inventory) => [...expectedGpus(inventory), ...GPU_RECORDINGS],
  alerts: (t) => [
    ...xidAlerts(),
    ...memoryAlerts(t),
    ...throttlingAlerts(t),
    ...linkAlerts(t),
    ...presenceAlerts(),
    ...idleAlerts(t),
  ],
});
