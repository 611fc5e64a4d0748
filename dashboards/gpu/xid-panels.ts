import { log, logql } from "../../components/signals/log-fields.ts";
import { XIDS, type XidTier } from "../../components/signals/xid.ts";
import type { State } from "../library/palette.ts";
import type { Panel, Words } from "../library/panel.ts";
import { logs, metric } from "../library/panel-query.ts";
import { xids } from "./expressions.ts";

const TIER_STATES: Readonly<Record<XidTier, State>> = { critical: "critical", warning: "warning", info: "notice" };

/** What NVIDIA's catalogue says of each code. */
const XID_WORDS: Words = Object.fromEntries(
  XIDS.map(({ code, meaning, tier }) => [String(code), { text: `${code}: ${meaning}`, state: TIER_STATES[tier] }]),
);

/** The kernel log of the hosts chosen. */
export const KERNEL_LINES = logql`{${log.service}="kernel", ${log.host}=~"$host_name", ${log.environment}=~"$environment"}`;
/** Its lines that name an Xid. */
export const XID_LINES = logql`${KERNEL_LINES} | ${log.xid} != ""`;

export const xidsByGpu: Panel = {
  title: "Xids of the last minutes",
  description:
    "Driver errors the exporter counted in its window, by GPU and code. Red codes take the GPU out of service for a reset or restart; orange ones ask for a restart of the application or a look.",
  kind: "table",
  queries: [metric(xids, "Times")],
  unit: "{event}",
  empty: "No Xid in the exporter's window: good.",
  columnWords: { xid: XID_WORDS },
  links: [{ title: "This GPU", to: "gpu-device", labels: ["host_name", "gpu"] }],
  width: 12,
};

export const xidsOfKernel: Panel = {
  title: "Xids in the kernel log",
  description:
    "Xids as the driver wrote them over the time range, of every GPU of the hosts chosen: the second witness, which still speaks when the exporter cannot. A line of a GPU that the exporter says nothing of means that DCGM missed it.",
  kind: "table",
  queries: [
    logs(
      logql`sum by (${log.host}, ${log.pciBusId}, ${log.xid}, ${log.process}) (count_over_time(${XID_LINES} [$__range]))`,
      "Lines",
      { absentWhile: "the kernel log has no Xid line" },
    ),
  ],
  unit: "{line}",
  empty: "No Xid line in the time range: good.",
  columnWords: { nvidia_xid: XID_WORDS },
  links: [{ title: "The lines", to: "kernel-logs", labels: ["host_name"] }],
  width: 12,
};
