import { alertArea } from "../area.ts";
import { WORKLOADS_THRESHOLDS } from "./thresholds.ts";

export const workloadsArea = alertArea({
  name: "workloads",
  thresholds: WORKLOADS_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
