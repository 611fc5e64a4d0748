import { alertArea } from "../area.ts";
import { HOST_THRESHOLDS } from "./thresholds.ts";

export const hostArea = alertArea({
  name: "host",
  thresholds: HOST_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
