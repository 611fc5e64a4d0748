import type { Change } from "./change.ts";
import { mergeChanges } from "./change.ts";
import { compare, describeProperties } from "./compare.ts";
import { diffAlerts, diffReceivers, diffThresholds } from "./diff-alerts.ts";
import { diffFiles, type LineCounts } from "./diff-files.ts";
import { diffImages, diffPorts, diffSizes, diffWorkloads } from "./diff-workloads.ts";
import { diffSettings } from "./settings.ts";
import type { HostSummary, PartialSummary, SamplingSummary, Summary } from "./model.ts";

type Workloads = Summary["workloads"];

/**
 * What differs, in words and in the order of {@link Change.group}. Parts that one side lacks are not compared.
 *
 * @param lines - lines added and removed by file, where the contents of both sides are at hand
 */
export function diffSummaries(before: PartialSummary, now: PartialSummary, lines: LineCounts = {}): readonly Change[] {
  const whose = <Part extends keyof Summary>(
    part: Part,
    diff: (old: Summary[Part], value: Summary[Part]) => readonly Change[],
  ): readonly Change[] => {
    const [old, value] = [before[part], now[part]] as [Summary[Part] | undefined, Summary[Part] | undefined];
    return old === undefined || value === undefined ? [] : diff(old, value);
  };
  return mergeChanges([
    ...whose("hosts", diffHosts),
    ...whose("sampling", diffSampling),
    ...whose("thresholds", (old, value) => diffThresholds(old, value, { ...before.alerts, ...now.alerts })),
    ...whose("alerts", (old, value) => diffAlerts(old, value, now.disabledAlerts ?? [])),
    ...whose("receivers", diffReceivers),
    ...whose("images", (old, value) => diffImages(old, value, now.workloads ?? {})),
    ...whose("imageRegistry", (old, value) =>
      old === value
        ? []
        : [one("images", `images pulled from ${old || "their own registries"} -> ${value || "their own registries"}`)],
    ),
    ...whose("workloads", (old: Workloads, value: Workloads) =>
      [diffWorkloads, diffSizes, diffPorts].flatMap((diff) => diff(old, value)),
    ),
    ...diffSettings(before.settings ?? now.settings ?? {}, now.settings ?? before.settings ?? {}),
    ...whose("retention", diffRetention),
    ...whose("dashboards", diffDashboards),
    ...whose("workloads", (old, value) => diffFiles(old, value, lines)),
    ...whose("cost", diffCost),
  ]);
}

const one = (group: Change["group"], what: string): Change => ({ group, what, of: [] });

function diffHosts(before: Summary["hosts"], now: Summary["hosts"]): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  const show = ({ runtime, gpus, gpuModel, state, simulated }: HostSummary) =>
    [
      runtime,
      `${gpus} ${gpuModel ?? (gpus === 1 ? "GPU" : "GPUs")}`,
      ...(state === undefined ? [] : [state]),
      ...(simulated ? ["simulated"] : []),
    ].join(", ");
  const withState = (host: HostSummary) => ({ ...host, state: host.state ?? "active" });
  return [
    ...added.map(([name, host]) => one("hosts", `host ${name} added (${show(host)})`)),
    ...removed.map(([name, host]) => one("hosts", `host ${name} removed (${show(host)})`)),
    ...kept.flatMap(([name, old, host]) =>
      describeProperties(withState(old), withState(host), {
        runtime: "runtime",
        gpus: "GPUs",
        gpuModel: "GPU model",
        simulated: "simulated",
        state: "state",
      }).map((text) => one("hosts", `host ${name}: ${text}`)),
    ),
  ];
}

function diffSampling(before: SamplingSummary, now: SamplingSummary): readonly Change[] {
  const { added, removed, kept } = compare(before.services, now.services);
  return [
    ...describeProperties(before, now, { default: "sampling default" }),
    ...kept.map(([service, old, rate]) => `sampling ${service} ${old} -> ${rate}`),
    ...added.map(([service, rate]) => `sampling ${service} ${before.default} (the default) -> ${rate}`),
    ...removed.map(([service, rate]) => `sampling ${service} ${rate} -> ${now.default} (the default)`),
    ...describeProperties(before, now, { slowTraceMs: "always kept: traces slower than, in ms," }),
  ].map((what) => one("sampling", what));
}

function diffRetention(before: Summary["retention"], now: Summary["retention"]): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  return [
    ...added.map(([backend, { retention, on }]) => `retention ${backend} ${retention} on ${on}, new`),
    ...removed.map(([backend, { retention }]) => `retention ${backend} ${retention}, gone`),
    ...kept.flatMap(([backend, old, value]) =>
      describeProperties(old, value, { retention: `retention ${backend}`, on: `storage ${backend}` }),
    ),
  ].map((what) => one("retention", what));
}

function diffDashboards(before: Summary["dashboards"], now: Summary["dashboards"]): readonly Change[] {
  const { added, removed, kept } = compare(before, now);
  return [
    ...added.map(([uid]) => `dashboard ${uid} added`),
    ...removed.map(([uid]) => `dashboard ${uid} removed`),
    ...kept.map(([uid]) => `dashboard ${uid} changed`),
  ].map((what) => one("dashboards", what));
}

function diffCost(before: Summary["cost"], now: Summary["cost"]): readonly Change[] {
  return compare(before, now).kept.map(([figure, old, value]) =>
    one("cost", `${figure} ${round(old)} -> ${round(value)}${old === 0 ? "" : ` (${share(value / old - 1)})`}`),
  );
}

function round(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 10 ? 3 : value < 100 ? 1 : 0 });
}

function share(ratio: number): string {
  const percent = ratio * 100;
  const digits = Math.abs(percent) < 1 ? 2 : Math.abs(percent) < 10 ? 1 : 0;
  return `${percent > 0 ? "+" : ""}${percent.toLocaleString("en", { maximumFractionDigits: digits })} %`;
}
