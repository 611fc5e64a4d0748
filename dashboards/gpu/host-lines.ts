import { log, logql } from "../../components/signals/log-fields.ts";
import { LEVEL_STATES } from "../library/palette.ts";
import type { Panel } from "../library/panel.ts";
import { logs } from "../library/panel-query.ts";
import { KERNEL_LINES } from "./xid-panels.ts";

/** What the kernel of a host says. */
export const hostLines: readonly Panel[] = [
  {
    title: "Kernel lines by severity",
    description:
      "Lines a minute of the host's kernel log. A burst of errors is the first sign of a failing board or disk.",
    kind: "timeseries",
    queries: [logs(logql`sum by (${log.level}) (count_over_time(${KERNEL_LINES} [$__auto]))`, "{{detected_level}}")],
    unit: "{line}",
    empty: "The kernel wrote nothing, or the agent does not read its log.",
    series: LEVEL_STATES,
    stack: true,
    width: 24,
    height: 6,
  },
  {
    title: "Kernel log",
    description: "The newest lines of the host's kernel, NVIDIA's driver among them.",
    kind: "logs",
    queries: [logs(KERNEL_LINES)],
    unit: "{text}",
    empty: "The kernel wrote nothing, or the agent does not read its log.",
    height: 12,
  },
];
