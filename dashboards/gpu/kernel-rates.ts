import { gpu } from "../../components/signals/gpu.ts";
import { kernel } from "../../components/signals/kernel.ts";
import { log, logql } from "../../components/signals/log-fields.ts";
import { promql } from "../../components/signals/query.ts";
import { LEVEL_STATES } from "../library/palette.ts";
import type { Panel } from "../library/panel.ts";
import { logs, metric } from "../library/panel-query.ts";
import { ON_GPU, ON_HOST } from "../library/variables.ts";
import { KERNEL_LINES, XID_LINES } from "./xid-panels.ts";

const quiet = { absentWhile: "the kernel log has no Xid line" } as const;

/** How much kernels say, and how bad it is. */
export const kernelRates: readonly Panel[] = [
  {
    title: "Xid rate",
    description:
      "Xid lines a second by host and code. One line is a fault; a storm is one fault reported by every process.",
    kind: "timeseries",
    queries: [
      logs(
        logql`sum by (${log.host}, ${log.xid}) (rate(${XID_LINES} [$__auto]))`,
        "{{host_name}} Xid {{nvidia_xid}}",
        quiet,
      ),
    ],
    unit: "{line}/s",
    empty: "No Xid in the time range: good.",
    min: 0,
    links: [{ title: "This host", to: "gpu-host", labels: ["host_name"] }],
  },
  {
    title: "Lines by severity",
    description: "Lines of the kernel log by severity, per interval.",
    kind: "timeseries",
    queries: [logs(logql`sum by (${log.level}) (count_over_time(${KERNEL_LINES} [$__auto]))`, "{{detected_level}}")],
    unit: "{line}",
    empty: "No kernel wrote anything, or no agent reads its log.",
    series: LEVEL_STATES,
    stack: true,
    min: 0,
  },
  {
    title: "Lines by host",
    description: "Lines of the kernel log by host, per interval. A host whose log stopped has an agent that stopped.",
    kind: "timeseries",
    queries: [logs(logql`sum by (${log.host}) (count_over_time(${KERNEL_LINES} [$__auto]))`, "{{host_name}}")],
    unit: "{line}",
    empty: "No kernel wrote anything, or no agent reads its log.",
    min: 0,
    links: [{ title: "This host", to: "gpu-host", labels: ["host_name"] }],
  },
  {
    title: "Two witnesses of Xids",
    description:
      "Xids as agents count them in the kernel log, and as DCGM counts them in its window. One that only the kernel has is one DCGM missed.",
    kind: "timeseries",
    queries: [
      metric(
        promql`sum by (host_name) (increase(${kernel.xids}{${ON_HOST}}[$__rate_interval]))`,
        "{{host_name}} kernel log",
      ),
      metric(promql`sum by (host_name) (${gpu.xids}{${ON_GPU}})`, "{{host_name}} DCGM", { always: true }),
    ],
    unit: "{event}",
    empty: "Neither agents nor exporters of these hosts report.",
    min: 0,
  },
];
