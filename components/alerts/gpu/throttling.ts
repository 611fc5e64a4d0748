import { gpu } from "../../signals/gpu.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { GPU, THE_GPU } from "./labels.ts";
import type { GpuThresholds } from "./thresholds.ts";

const NANOSECONDS = 1_000_000_000;
/** Degrees below its limit at which a monitor recovers. */
const HYSTERESIS = 3;
const shared = { dashboard: "gpu-device", requirements: ["Q1", "S0-02", "S0-76"] } as const;
const COOLING =
  "All GPUs of the host hot: fans, inlet temperature, blocked airflow (`ipmitool sdr type fan`). One GPU: its heatsink.";

/** What slows a GPU down, by reason. */
export function throttlingAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  return [...temperatureAlerts(t), ...clockAlerts(t)];
}

function temperatureAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "GpuTooHot",
      severity: "warning",
      meaning: "The GPU is close to the temperature at which it slows itself down.",
      summary: `${THE_GPU}: {{ $value | humanize }} °C`,
      query: promql`max by (${GPU}) (${gpu.temperature}) > ${t.temperature}`,
      for: "5m",
      datadog: {
        ...datadog`min(last_5m):max:${gpu.temperature} by {host,gpu} > ${t.temperature}`,
        recovery: t.temperature - HYSTERESIS,
      },
      impact: "It will slow down, and every GPU of the same job with it.",
      actions: [COOLING, "Until mended, lower its power limit: `nvidia-smi -i <gpu> -pl <watts>`."],
      knobs: ["alerts.gpu.temperature"],
    },
    {
      ...shared,
      name: "GpuMemoryTooHot",
      severity: "warning",
      meaning: "The GPU's memory is hotter than it is rated for.",
      summary: `${THE_GPU}: memory at {{ $value | humanize }} °C`,
      query: promql`max by (${GPU}) (${gpu.memoryTemperature}) > ${t.memoryTemperature}`,
      for: "5m",
      datadog: {
        ...datadog`min(last_5m):max:${gpu.memoryTemperature} by {host,gpu} > ${t.memoryTemperature}`,
        recovery: t.memoryTemperature - HYSTERESIS,
      },
      impact: "Memory errors become likely, and the GPU slows down.",
      actions: [COOLING],
      knobs: ["alerts.gpu.memoryTemperature"],
    },
    {
      ...shared,
      name: "GpuThermalThrottling",
      severity: "warning",
      meaning: "Heat holds the GPU's clocks down.",
      summary: `${THE_GPU}: slowed down by heat`,
      // Two witnesses: the counter's unit was stated as ns and as us by its users (published defect 6).
      query: promql`max by (${GPU}) (rate(${gpu.thermalThrottle}[5m])) / ${NANOSECONDS} > ${t.thermalThrottleShare} or on (host_name, gpu) max by (${GPU}) (${gpu.clockEvents}{clock_event="hw_thermal"}) > 0`,
      for: "5m",
      datadog: [
        datadog`avg(last_10m):max:${gpu.thermalThrottle} by {host,gpu}.as_rate() / ${NANOSECONDS} > ${t.thermalThrottleShare}`,
        datadog`min(last_5m):max:${gpu.clockEvents}{clock_event:hw_thermal} by {host,gpu} > ${0}`,
      ],
      impact: "The job runs slower than it could; a job over many GPUs runs at the pace of this one.",
      actions: ["See the reason: `nvidia-smi -q -d PERFORMANCE,TEMPERATURE -i <gpu>`.", COOLING],
      knobs: ["alerts.gpu.thermalThrottleShare"],
    },
  ];
}

function clockAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  const share = (reason: string, query: ReturnType<typeof promql>) =>
    promql`label_replace(${query} / ${NANOSECONDS} > ${t.boardThrottleShare}, "reason", "${reason}", "", "")`;
  return [
    {
      ...shared,
      name: "GpuPowerThrottling",
      severity: "warning",
      meaning: "The power limit holds the GPU's clocks down for most of the time.",
      summary: `${THE_GPU}: held down by its power limit {{ $value | humanizePercentage }} of the time`,
      query: promql`max by (${GPU}) (rate(${gpu.powerThrottle}[15m])) / ${NANOSECONDS} > ${t.powerThrottleShare}`,
      for: "10m",
      datadog: datadog`avg(last_15m):max:${gpu.powerThrottle} by {host,gpu}.as_rate() / ${NANOSECONDS} > ${t.powerThrottleShare}`,
      impact: "The job runs slower than the GPU could.",
      actions: [
        "Compare the limit in force with the default: `nvidia-smi -q -d POWER -i <gpu>`.",
        "A limit that is meant: raise `alerts.gpu.powerThrottleShare`, or disable the alert.",
      ],
      knobs: ["alerts.gpu.powerThrottleShare"],
    },
    {
      ...shared,
      name: "GpuHardwareSlowdown",
      severity: "critical",
      meaning: "The board halved the GPU's clocks: power supply or an external brake signal.",
      summary: `${THE_GPU}: hardware slowdown ({{ $labels.clock_event }})`,
      query: promql`max by (${GPU}, clock_event) (${gpu.clockEvents}{clock_event=~"hw_slowdown|hw_power_brake"}) > 0`,
      // The exporter counts over five minutes: longer than that is more than one event.
      for: "6m",
      datadog: datadog`min(last_6m):max:${gpu.clockEvents}{clock_event IN (hw_slowdown,hw_power_brake)} by {host,gpu,clock_event} > ${0}`,
      impact: "The GPU runs at half speed or less, and every GPU of the same job waits for it.",
      actions: [
        "Power supplies and cables of the host: `ipmitool sdr type 'Power Supply'`, `nvidia-smi -q -d PERFORMANCE`.",
        "A rack's power brake shows on all GPUs of several hosts: call the data centre.",
      ],
    },
    {
      ...shared,
      name: "GpuBoardThrottling",
      severity: "warning",
      meaning: "The board's or the chip's own protection holds the GPU's clocks down.",
      summary: `${THE_GPU}: held down by its {{ $labels.reason }}`,
      query: promql`${share("board limit", promql`max by (${GPU}) (rate(${gpu.boardLimitThrottle}[15m]))`)} or ${share("reliability voltage", promql`max by (${GPU}) (rate(${gpu.reliabilityThrottle}[15m]))`)}`,
      for: "10m",
      datadog: [gpu.boardLimitThrottle, gpu.reliabilityThrottle].map(
        (held) => datadog`avg(last_15m):max:${held} by {host,gpu}.as_rate() / ${NANOSECONDS} > ${t.boardThrottleShare}`,
      ),
      impact: "The job runs slower than the GPU could; a healthy board never does this.",
      actions: ["Run `dcgmi diag -r 2` on the GPU; with a failure ask the vendor for a replacement."],
      knobs: ["alerts.gpu.boardThrottleShare"],
    },
  ];
}
