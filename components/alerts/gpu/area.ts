import { alertArea } from "../area.ts";
import { GPU_THRESHOLDS } from "./thresholds.ts";

export const gpuArea = alertArea({
  name: "gpu",
  thresholds: GPU_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
