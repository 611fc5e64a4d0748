import { gpu } from "../../signals/gpu.ts";
import { promql } from "../../signals/query.ts";
import { datadog } from "../../datadog/query.ts";
import type { AlertDefinition } from "../alert.ts";
import { GPU, KERNEL_LOG, THE_GPU } from "./labels.ts";
import type { GpuThresholds } from "./thresholds.ts";

const shared = { dashboard: "gpu-device", requirements: ["Q1", "S0-03", "S0-76"] } as const;
const RESET = "Drain the host, then reset the GPU: `nvidia-smi --gpu-reset -i <gpu>`.";

/** What goes wrong in a GPU's memory. */
export function memoryAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  return [...errorAlerts(t), ...repairAlerts()];
}

function errorAlerts(t: GpuThresholds): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "GpuUncorrectableEcc",
      severity: "critical",
      meaning: "The GPU's memory had an error that could not be corrected (double bit).",
      summary: `${THE_GPU}: uncorrectable memory error`,
      query: promql`max by (${GPU}) (increase(${gpu.eccUncorrected}[10m])) > 0`,
      keepFiringFor: "10m",
      logs: KERNEL_LOG,
      datadog: datadog`sum(last_10m):max:${gpu.eccUncorrected} by {host,gpu}.as_count() > ${0}`,
      impact: "The application that met it has failed; data it held may be wrong.",
      actions: [
        "See which rows are affected: `nvidia-smi -q -d ECC,ROW_REMAPPER -i <gpu>`.",
        RESET,
        "A second one within a month: run `dcgmi diag -r 3` and ask the vendor for a replacement.",
      ],
    },
    {
      ...shared,
      name: "GpuCorrectedEccRate",
      severity: "warning",
      meaning: "The GPU corrects more memory errors than healthy memory has.",
      summary: `${THE_GPU}: {{ $value | humanize }} corrected memory errors in an hour`,
      query: promql`max by (${GPU}) (increase(${gpu.eccCorrected}[1h])) > ${t.correctedEccPerHour}`,
      for: "5m",
      datadog: datadog`sum(last_1h):max:${gpu.eccCorrected} by {host,gpu}.as_count() > ${t.correctedEccPerHour}`,
      impact: "Nothing is lost yet; an uncorrectable error becomes likely.",
      actions: [
        "Compare with the other GPUs of the host on the dashboard: one GPU is a defect, all of them is heat.",
        "Plan `dcgmi diag -r 3` for the next gap between jobs.",
      ],
      knobs: ["alerts.gpu.correctedEccPerHour"],
    },
  ];
}

/** Memory that is replaced by spare rows, or waits to be. */
function repairAlerts(): readonly AlertDefinition[] {
  return [
    {
      ...shared,
      name: "GpuRowRemapFailed",
      severity: "critical",
      meaning: "A bad row of the GPU's memory could not be replaced: no spare rows are left.",
      summary: `${THE_GPU}: a bad memory row cannot be replaced`,
      query: promql`max by (${GPU}) (${gpu.rowRemapFailure}) > 0`,
      for: "2m",
      datadog: datadog`min(last_2m):max:${gpu.rowRemapFailure} by {host,gpu} > ${0}`,
      impact: "Applications will meet the bad row again and fail. A reset does not help.",
      actions: [
        "Take the GPU out of service for good.",
        "Open a case with the vendor, with the output of `nvidia-smi -q -d ROW_REMAPPER -i <gpu>`.",
      ],
    },
    {
      ...shared,
      name: "GpuRowRemapPending",
      severity: "warning",
      meaning: "A bad row of the GPU's memory will be replaced at the next reset, and only then.",
      summary: `${THE_GPU}: a memory row waits for a reset to be replaced`,
      query: promql`max by (${GPU}) (${gpu.rowRemapPending}) > 0`,
      for: "5m",
      datadog: datadog`min(last_5m):max:${gpu.rowRemapPending} by {host,gpu} > ${0}`,
      impact: "The bad row stays in use: until the reset an application may meet it again.",
      actions: [RESET],
    },
    {
      ...shared,
      name: "GpuPagesPendingRetirement",
      severity: "warning",
      meaning: "Bad memory pages of an older GPU will be retired at the next reset, and only then.",
      summary: `${THE_GPU}: memory pages wait for a reset to be retired`,
      query: promql`max by (${GPU}) (${gpu.retiredPagesPending}) > 0`,
      for: "5m",
      datadog: { exempt: "DCGM counts these pages up, and Datadog keeps the growth of a counter: the level is gone" },
      impact: "The bad pages stay in use: until the reset an application may meet them again.",
      actions: [RESET],
    },
  ];
}
