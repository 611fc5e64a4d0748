import { log, logql } from "../../components/signals/log-fields.ts";
import type { Panel } from "../library/panel.ts";
import { logs } from "../library/panel-query.ts";
import { KERNEL_LINES, XID_LINES } from "./xid-panels.ts";

/** The lines themselves. */
export const kernelLines: readonly Panel[] = [
  {
    title: "Xid lines",
    description: "What NVIDIA's driver wrote of faults, with code, bus address and process as fields.",
    kind: "logs",
    queries: [logs(XID_LINES, "", { absentWhile: "the kernel log has no Xid line" })],
    unit: "{text}",
    empty: "No Xid in the time range: good.",
    width: 12,
    height: 10,
  },
  {
    title: "Warnings and worse",
    description: "Lines of severity warning, error or fatal.",
    kind: "logs",
    queries: [logs(logql`${KERNEL_LINES} | ${log.level} =~ "warn|error|critical|fatal"`)],
    unit: "{text}",
    empty: "No kernel complained in the time range: good.",
    width: 12,
    height: 10,
  },
  {
    title: "All lines",
    description: "The newest lines of the kernels of these hosts.",
    kind: "logs",
    queries: [logs(KERNEL_LINES)],
    unit: "{text}",
    empty: "No kernel wrote anything, or no agent reads its log.",
    height: 12,
  },
];
