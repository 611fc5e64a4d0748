import { gpu } from "../../signals/gpu.ts";
import { promql, type Query } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { GPU, KERNEL_LOG, THE_GPU } from "./labels.ts";
import type { GpuThresholds } from "./thresholds.ts";

const shared = { dashboard: "gpu-device", requirements: ["Q1", "S0-76"] } as const;
const link = (query: Query, name: string): Query => promql`label_replace(${query}, "error", "${name}", "", "")`;

/** How GPUs are tied to each other and to their host. */
export function linkAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  const mended = promql`max by (${GPU}) (increase(${gpu.nvlinkFlitErrors}[15m]) + increase(${gpu.nvlinkDataErrors}[15m]) + increase(${gpu.nvlinkReplays}[15m])) > ${t.nvlinkErrors}`;
  const recovered = promql`max by (${GPU}) (increase(${gpu.nvlinkRecoveries}[15m])) > 0`;
  return [
    {
      ...shared,
      name: "GpuNvlinkErrors",
      severity: "warning",
      meaning: "An NVLink of the GPU lost its connection for a moment, or sends much again.",
      summary: `${THE_GPU}: NVLink errors ({{ $labels.error }})`,
      query: promql`${link(recovered, "link recovered")} or ${link(mended, "sent again")}`,
      for: "2m",
      logs: KERNEL_LOG,
      datadog: [
        datadog`sum(last_15m):max:${gpu.nvlinkRecoveries} by {host,gpu}.as_count() > ${0}`,
        datadog`sum(last_15m):max:${gpu.nvlinkFlitErrors} by {host,gpu}.as_count() + max:${gpu.nvlinkDataErrors} by {host,gpu}.as_count() + max:${gpu.nvlinkReplays} by {host,gpu}.as_count() > ${t.nvlinkErrors}`,
      ],
      impact: "Jobs over several GPUs slow down; Xid 74 and a failed job come next.",
      actions: [
        "Which link: `nvidia-smi nvlink -e -i <gpu>`, state: `nvidia-smi nvlink -s -i <gpu>`.",
        "Reset the GPUs of the host; when it comes back have bridge, baseboard or NVSwitch looked at.",
      ],
      knobs: ["alerts.gpu.nvlinkErrors"],
    },
    {
      ...shared,
      name: "GpuPcieReplays",
      severity: "warning",
      meaning: "The GPU's PCIe connection sends many packets again.",
      summary: `${THE_GPU}: {{ $value | humanize }} PCIe replays a minute`,
      query: promql`max by (${GPU}) (rate(${gpu.pcieReplays}[15m])) * 60 > ${t.pcieReplaysPerMinute}`,
      for: "5m",
      datadog: datadog`avg(last_15m):max:${gpu.pcieReplays} by {host,gpu}.as_rate() * 60 > ${t.pcieReplaysPerMinute}`,
      impact: "Transfers to and from the host slow down; the GPU may fall off the bus.",
      actions: [
        "Width and speed of the link: `nvidia-smi -q -i <gpu> | grep -A8 'GPU Link Info'`.",
        "Have riser, cable or slot reseated; look for AER lines: `journalctl -k | grep -i aer`.",
      ],
      knobs: ["alerts.gpu.pcieReplaysPerMinute"],
    },
    fabricNotReady,
  ];
}

const fabricNotReady: AlertDefinition = {
  ...shared,
  name: "GpuFabricNotReady",
  severity: "critical",
  meaning: "The GPU is not joined to its NVLink fabric: the fabric manager failed, is not running, or does not finish.",
  summary: `${THE_GPU}: not joined to the NVLink fabric (state {{ $value }})`,
  // dcgmFabricManagerStatus_t: 0 not supported, 1 not started, 2 in progress, 3 success, 4 failure. Racks of GB200
  // and GB300 run it outside of the host and say 1 for ever.
  query: promql`max by (${GPU}) (${gpu.fabricManagerStatus} == 4 or ${gpu.fabricManagerStatus} == 2 or ${gpu.fabricManagerStatus}{hw_model!~".*GB[23]00.*"} == 1)`,
  for: "10m",
  datadog: {
    exempt: "its states are codes: three of five are faults, and a monitor only tells larger from smaller",
  },
  impact: "No CUDA program starts on GPUs behind an NVSwitch.",
  actions: [
    "`systemctl status nvidia-fabricmanager`; its log: `/var/log/fabricmanager.log`.",
    "Its version must equal the driver's: `nv-fabricmanager --version`, `nvidia-smi`.",
    "`systemctl restart nvidia-fabricmanager`, then start the jobs again.",
  ],
};
