import type { Inventory } from "../../components/alerts/area.ts";
import { ALERT_AREAS, type AlertAreaName } from "../../components/alerts/areas.ts";
import { defaultsOf, type ThresholdValues } from "../../components/alerts/threshold.ts";

/** What dashboards know of an environment: the thresholds of its alerts, and what it must have. */
export type Numbers = {
  readonly [Area in AlertAreaName]: ThresholdValues<(typeof ALERT_AREAS)[Area]["thresholds"]>;
} & { readonly inventory: Inventory };

/** The numbers in force: defaults of every area, and what an environment set in their place. */
export function numbersOf(
  inventory: Inventory,
  set: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): Numbers {
  const areas = Object.entries(ALERT_AREAS).map(([key, { name, thresholds }]) => [
    key,
    { ...defaultsOf(thresholds), ...set[name] },
  ]);
  return { ...Object.fromEntries(areas), inventory } as Numbers;
}
