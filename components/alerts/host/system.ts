import { node } from "../../signals/host.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import type { HostThresholds } from "./thresholds.ts";

const shared = {
  dashboard: "gpu-host",
  requirements: ["Q1"],
  severity: "warning",
} as const;

/** What goes wrong with a host's memory and clock. */
export function systemAlerts(t: HostThresholds): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "HostOutOfMemoryKill",
      meaning: "The kernel killed a process for want of memory.",
      summary: "{{ $labels.host_name }}: {{ $value | humanize }} processes killed for want of memory",
      // It starts again at 0 with the host, as a counter does.
      query: promql`max by (host_name) (increase(${node.oomKills}[10m])) > 0`,
      keepFiringFor: "10m",
      logs: '{service_name="kernel"} |= "Out of memory"',
      datadog: datadog`sum(last_10m):monotonic_diff(max:${node.oomKills} by {host}) > ${0}`,
      impact: "A job, or a part of it, has ended; data loaders die first and leave the GPU idle.",
      actions: [
        "Who was killed: `journalctl -k | grep -i 'killed process'`.",
        "Tell its owner; lower the number of data loader workers or give the job more memory.",
      ],
    },
    {
      ...shared,
      name: "HostMemoryPressure",
      meaning: "Work on the host stands still again and again, waiting for memory.",
      summary: "{{ $labels.host_name }}: work waits for memory {{ $value | humanizePercentage }} of the time",
      query: promql`max by (host_name) (rate(${node.pressureMemory}[5m])) > ${t.memoryStalled}`,
      for: "5m",
      datadog: datadog`avg(last_10m):max:${node.pressureMemory} by {host}.as_rate() > ${t.memoryStalled}`,
      impact: "GPUs wait for data; a kill for want of memory comes next.",
      actions: ["Who uses it: `ps aux --sort=-rss | head`.", "Swapping on a GPU host is a mistake: `swapon --show`."],
      knobs: ["alerts.host.memoryStalled"],
    },
    {
      ...shared,
      name: "HostClockOff",
      meaning: "The host's clock is off, or lost the reference that kept it.",
      summary: "{{ $labels.host_name }}: the clock is not kept",
      // A virtual machine whose clock its hypervisor keeps says 0 for ever: only losing it counts.
      query: promql`max by (host_name) (abs(${node.timeOffset}) > ${t.clockOffset} or max_over_time(${node.timeSynchronised}[10m]) == 0 and max_over_time(${node.timeSynchronised}[1d]) == 1)`,
      for: "5m",
      datadog: {
        ...datadog`min(last_5m):abs(max:${node.timeOffset} by {host}) > ${t.clockOffset}`,
        lacks: "a clock that lost its reference and is not off yet",
      },
      impact: "Spans and log lines of several hosts stand in the wrong order; certificates and tokens may be refused.",
      actions: [
        "`chronyc tracking`, `chronyc sources`, or `timedatectl status`.",
        "Restart it: `systemctl restart chrony`; is UDP 123 open to the time servers?",
      ],
      knobs: ["alerts.host.clockOffset"],
    },
  ];
}
