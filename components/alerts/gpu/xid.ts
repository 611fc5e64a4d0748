import { gpu } from "../../signals/gpu.ts";
import { promql, type Query } from "../../signals/query.ts";
import { kernelXids } from "../../signals/recordings-gpu.ts";
import { xidPatternOf, type XidTier } from "../../signals/xid.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition, DatadogCondition } from "../alert.ts";
import { GPU, KERNEL_LOG } from "./labels.ts";

/** Codes DCGM was seen to miss (DCGM #162, #235): its silence about them says nothing. */
const DCGM_MISSES = "62|79|119|120";
/** A kernel line may be about a GPU DCGM never saw. */
const XID_GPU =
  "{{ with $labels.gpu }}GPU {{ . }}{{ else }}GPU at {{ $labels.pci_bus_id }}{{ end }} of {{ $labels.host_name }}{{ with $labels.hpc_job }} (job {{ . }}){{ end }}";
const KNOWN_OTHERWISE = `${xidPatternOf("critical", "info")}|0|`;

/** An Xid seen by DCGM, or by the kernel log alone: one alert for an event, whoever saw it. */
const seen = (matcher: string): Query =>
  promql`max by (${GPU}, pci_bus_id, xid) (${gpu.xids}{${matcher}}) > 0 or on (host_name, gpu, xid) max by (${GPU}, pci_bus_id, xid) (${kernelXids}{${matcher}}) > 0`;

/** Codes of some tiers as Datadog lists them. */
const codesOf = (...tiers: readonly XidTier[]) => xidPatternOf(...tiers).replaceAll("|", ",");
/** What DCGM counts in its window of five minutes, code by code: the gauge of the last code would alert for ever. */
const xidForm = (filter: string): DatadogCondition => ({
  ...datadog`max(last_5m):max:${gpu.xids}{${filter}} by {host,gpu,xid} > ${0}`,
  lacks: "the kernel log, whose codes are not tied to a GPU in Datadog",
});

const shared = {
  keepFiringFor: "10m",
  dashboard: "gpu-device",
  logs: KERNEL_LOG,
  requirements: ["Q1", "S0-76"],
} as const;

/** The driver's errors in three tiers, by what NVIDIA's catalogue says to do. */
export function xidAlerts(): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "GpuXidCritical",
      severity: "critical",
      meaning: "The driver reported an Xid after which the GPU, or its host, must be reset.",
      summary: `${XID_GPU}: Xid {{ $labels.xid }}, to be reset`,
      query: seen(`xid=~"${xidPatternOf("critical")}"`),
      datadog: xidForm(`xid IN (${codesOf("critical")})`),
      impact: "Work on this GPU has failed or will; results since the error may be wrong.",
      actions: [
        "Look the code up in NVIDIA's Xid catalogue and in the kernel lines: `journalctl -k | grep NVRM`.",
        "Take the host out of scheduling: `kubectl drain <node>` or `scontrol update nodename=<host> state=drain reason=xid`.",
        "Reset the GPU once nothing runs on it: `nvidia-smi --gpu-reset -i <gpu>`; after Xid 79 power-cycle the host.",
        "When it comes back within a week, run `dcgmi diag -r 3` and open a case with the vendor.",
      ],
    },
    {
      ...shared,
      name: "GpuXidWarning",
      severity: "warning",
      meaning: "The driver reported an Xid that calls for a restart of the application or an investigation.",
      summary: `${XID_GPU}: Xid {{ $labels.xid }}`,
      query: seen(`xid!~"${KNOWN_OTHERWISE}"`),
      datadog: xidForm(`xid NOT IN (${codesOf("critical", "info")},0)`),
      impact: "One application has failed, or memory begins to wear out; other work on the GPU goes on.",
      actions: [
        "Tell the owner of the process named in the kernel line: `journalctl -k | grep 'NVRM: Xid'`.",
        "The same code on one GPU under several applications points at the GPU: run `dcgmi diag -r 2` on it.",
        "After 63 or 94 reset the GPU before the next job: `nvidia-smi --gpu-reset -i <gpu>`.",
      ],
    },
    {
      ...shared,
      name: "GpuXidInfo",
      severity: "info",
      meaning: "The driver reported an Xid that only accompanies another event, such as the end of a process.",
      summary: `${XID_GPU}: Xid {{ $labels.xid }}, for information`,
      query: seen(`xid=~"${xidPatternOf("info")}"`),
      datadog: xidForm(`xid IN (${codesOf("info")})`),
      impact: "None by itself; it dates what happened to a job.",
      actions: ["Look for another Xid of the same GPU before it; that one says what to do."],
    },
    witnessesDisagree(),
  ];
}

function witnessesDisagree(): AlertDefinition {
  const dcgm = promql`max by (host_name, xid) (max_over_time(${gpu.xids}{xid!~"0|"}[15m])) > 0`;
  const log = promql`max by (host_name, xid) (max_over_time(${kernelXids}[15m])) > 0`;
  const missedByLog = promql`group by (host_name) (${dcgm} unless on (host_name, xid) ${log})`;
  const missedByDcgm = promql`group by (host_name) (${log} unless on (host_name, xid) ${dcgm} unless ${promql`max by (host_name, xid) (max_over_time(${kernelXids}{xid=~"${DCGM_MISSES}"}[15m]))`})`;
  return {
    ...shared,
    name: "GpuXidWitnessesDisagree",
    severity: "warning",
    meaning: "DCGM and the kernel log should both tell of an Xid, and one of them did not.",
    summary: "{{ $labels.silent }} of {{ $labels.host_name }} missed an Xid the other source reported",
    query: promql`label_replace(${missedByLog}, "silent", "kernel log", "", "") or label_replace(${missedByDcgm}, "silent", "DCGM", "", "")`,
    for: "5m",
    datadog: { exempt: "it takes one set of series from another, which no monitor does" },
    impact: "Half of the watch on GPU faults of this host is blind: the next error may go unseen.",
    actions: [
      "Kernel log silent: can the agent read it? Look for `permission denied` in the agent's log and see whether its file grows: `/var/log/gpu-observability/kern.log` of a host over ssh, `/var/log/kern.log` of a Kubernetes node.",
      "DCGM silent: restart the exporter (`systemctl restart gpu-observability-dcgm-exporter`), then `dcgmi health -c`.",
    ],
  };
}
