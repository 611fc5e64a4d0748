import { alertArea } from "../area.ts";
import { BACKENDS_THRESHOLDS } from "./thresholds.ts";

export const backendsArea = alertArea({
  name: "backends",
  thresholds: BACKENDS_THRESHOLDS,
  recordings: () => [],
  alerts: () => [],
});
