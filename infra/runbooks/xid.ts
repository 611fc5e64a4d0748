import { table } from "../../components/alerts/runbook.ts";
import { type XidAction, XIDS, type XidTier } from "../../components/signals/xid.ts";

/** NVIDIA's action in the words of what to do here. */
const ACTIONS: Readonly<Record<XidAction, string>> = {
  IGNORE: "nothing at once",
  RESTART_APP: "restart the application",
  RESET_GPU: "drain the GPU, then `nvidia-smi --gpu-reset -i <gpu>`",
  RESTART_VM: "restart the virtual machine",
  RESTART_BM: "drain and restart the host",
  WORKFLOW_XID_45: "look for the Xid before it",
  WORKFLOW_XID_48: "with 63 or 64 beside it: drain, then reset the GPU; alone: restart the application",
  WORKFLOW_NVLINK_ERR: "reset the GPU; if it comes again, run `dcgmi diag -r 3` and have the link checked",
  WORKFLOW_NVLINK5_ERR: "the message says whether it is fatal: if so, reset the GPU",
  XID_154: "do what the message names as recovery action",
};

const TIERS: Readonly<Record<XidTier, string>> = {
  critical: "Out of service: drain the GPU or its host now",
  warning: "Today: restart the application, or look into it before the next job",
  info: "Nobody's work",
};

/** The Xid codes in three tiers. */
export function renderXidPage(alerts: readonly string[]): string {
  const pages = alerts.filter((name) => name.includes("Xid"));
  return `${[
    "# Xid codes",
    "> Made from `components/signals/xid.ts` by `npm run render`: change it there.",
    "A code comes twice: counted by DCGM, and as a line in the kernel log. Loki has the line:",
    '```logql\n{service_name="kernel", host_name="<host_name>"} |= "NVRM: Xid"\n```',
    ...(pages.length === 0 ? [] : [`Alerts: ${pages.map((name) => `[${name}](alerts/${name}.md)`).join(", ")}.`]),
    ...(Object.keys(TIERS) as XidTier[]).flatMap((tier) => [
      `## ${tier}`,
      `${TIERS[tier]}.`,
      table(
        ["Xid", "meaning", "NVIDIA's action", "do"],
        XIDS.filter((xid) => xid.tier === tier).map(({ code, meaning, action }) => [
          String(code),
          meaning,
          action,
          ACTIONS[action],
        ]),
      ),
    ]),
    "Any other code: NVIDIA's catalogue, https://docs.nvidia.com/deploy/xid-errors. See also [what to do about a sick GPU](gpu-faults.md).",
  ].join("\n\n")}\n`;
}
