import type { HostSummary, Summary } from "./model.ts";

/** An environment in a few lines: a title and what stands behind it. */
export type Overview = readonly (readonly [title: string, line: string])[];

export function toOverview(summary: Summary): Overview {
  const { hosts, sampling, alerts, disabledAlerts, thresholds, receivers, images, workloads, retention } = summary;
  const list = <T>(record: Readonly<Record<string, T>>, show: (name: string, value: T) => string) =>
    Object.entries(record)
      .map(([name, value]) => show(name, value))
      .join(", ") || "none";
  const files = Object.values(workloads).flatMap((workload) => Object.values(workload.files));
  const lines = files.reduce((total, file) => total + file.lines, 0);
  return [
    ["hosts", list(hosts, (name, host) => `${name} (${describeHost(host)})`)],
    ["sampling", list({ default: sampling.default, ...sampling.services }, (name, rate) => `${name} ${rate}`)],
    ["alerts", `${countBySeverity(alerts)}; ${disabledAlerts.length} disabled, ${count(thresholds)} thresholds`],
    ["receivers", list(receivers, (name, { kind, toldOf }) => `${name} (${kind}: ${toldOf.join(" + ")})`)],
    ["programs", list(images, (name, { version }) => `${name} ${version}`)],
    ["workloads", list(workloads, (name, { replicas }) => (replicas === 1 ? name : `${name} x ${replicas}`))],
    ["retention", list(retention, (backend, { retention: kept, on }) => `${backend} ${kept} on ${on}`)],
    ["dashboards", String(count(summary.dashboards))],
    ["files", `${files.length} with ${lines} lines`],
    ["cost", list(summary.cost, (figure, value) => `${figure} ${Math.round(value * 10) / 10}`)],
  ];
}

function describeHost({ runtime, gpus, gpuModel = "GPUs", state }: HostSummary): string {
  return [runtime, `${gpus} ${gpuModel}`, ...(state === undefined ? [] : [state])].join(", ");
}

function countBySeverity(alerts: Summary["alerts"]): string {
  const all = Object.values(alerts).map(({ severity }) => severity);
  const severities = [...new Set(all)].sort();
  const counts = severities.map((severity) => `${all.filter((one) => one === severity).length} ${severity}`);
  return counts.join(", ") || "none";
}

function count(record: object): number {
  return Object.keys(record).length;
}
