import type { Report } from "./model.ts";
import type { Budget } from "./settings.ts";

/** What the report warns of: limits of the budget that are passed, and disks that will be full before the retention ends. */
export function findWarnings(report: Report, budget: Budget): readonly string[] {
  const limits: readonly (readonly [key: keyof Budget, got: number, unit: string])[] = [
    ["activeSeries", report.activeSeries, "series"],
    ["samplesPerSecond", report.samplesPerSecond, "samples/s"],
    ["storageGiB", report.storageGiB, "GiB"],
  ];
  const past = limits.flatMap(([key, got, unit]) => {
    const limit = budget[key];
    if (limit === undefined || got <= limit) return [];
    return [
      `budget.${key}: ${round(got)} ${unit} expected, ${limit} allowed (${round((got / limit - 1) * 100)} % past it)`,
    ];
  });
  const full = report.storage.flatMap(({ backend, on, eachGiB, retention }) => {
    const size = report.volumesGiB[backend];
    if (on !== "disk" || size === undefined || eachGiB <= size) return [];
    return [`${backend}: ${retention} of data are ${round(eachGiB)} GiB, its volume has ${round(size)} GiB`];
  });
  return [...past, ...full];
}

/** Three digits that tell something; whole numbers from a hundred on. */
export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
