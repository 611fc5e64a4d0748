import { toSeconds } from "../../components/core/units.ts";
import type { PanelQuery } from "./panel-query.ts";
import { ANY } from "./variables.ts";

/** What Grafana fills in from the time range. */
const BUILT_IN: Readonly<Record<string, string>> = {
  __interval: "1m",
  __auto: "1m",
  __range: "1h",
  __range_s: "3600",
};
/** Time between samples where a query says nothing else. */
const SCRAPE = "15s";

/** Text a backend can run as it is: built-in variables filled in, and every choice set to "all" or to `values`. */
export function toRunnable(
  { text, interval = SCRAPE }: Pick<PanelQuery, "text" | "interval">,
  values: Readonly<Record<string, string>> = {},
): string {
  // Grafana's own rule for a rate: four samples.
  const rate = `${toSeconds(interval) * 4}s`;
  return text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    return values[name] ?? (name === "__rate_interval" ? rate : (BUILT_IN[name] ?? ANY));
  });
}
