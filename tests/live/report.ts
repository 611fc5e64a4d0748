import { fetch } from "undici";
import { GPU_SIGNALS } from "../../components/signals/gpu.ts";
import type { Reader } from "../../infra/cli/verify/read.ts";
import type { Report } from "../../infra/report/model.ts";

/** One number of the report beside what Prometheus measures. */
export interface Compared {
  /** What it is: `series of gpu-1`. */
  readonly name: string;
  readonly modelled: number;
  readonly measured: number;
}

/** Series that are there only while something is wrong, which the report leaves out. */
const FAULTS = GPU_SIGNALS.filter(({ absentWhile }) => absentWhile !== undefined).map(
  ({ prometheusName }) => prometheusName,
);

/** How far the model may be from what was measured. */
export const TOLERANCE = 0.2;

/** Whether a number is as far off as it may be, or further. */
export function isOff({ modelled, measured }: Compared): boolean {
  return Math.abs(modelled - measured) > TOLERANCE * measured;
}

export function toLine(compared: Compared): string {
  const { name, modelled, measured } = compared;
  const off = measured === 0 ? Infinity : (modelled / measured - 1) * 100;
  return `${isOff(compared) ? "OFF " : "ok  "} ${name}: modelled ${modelled.toFixed(0)}, measured ${measured.toFixed(0)} (${off >= 0 ? "+" : ""}${off.toFixed(1)} %)`;
}

/**
 * Asks one Prometheus of a running environment for what the report foretold: series of every host, series of every
 * GPU, all series, samples a second. A GPU that fell off the bus a moment ago is counted as it was within five minutes.
 */
export async function compareWithMeasured(report: Report, prometheus: Reader): Promise<readonly Compared[]> {
  const hosts = report.hosts.filter(({ nodes }) => nodes === 1);
  const compared: Compared[] = [];
  for (const { name, total, gpus } of hosts) {
    const own = `host_name="${name}",job=~"host|agent|dcgm-exporter|node-exporter"`;
    compared.push({
      name: `series of ${name}`,
      modelled: total,
      measured: (await ask(prometheus, `count({${own}})`)).get("") ?? 0,
    });
    // Unlike other functions over time this one keeps the name, so series that differ in nothing else stay apart.
    const byGpu = await ask(
      prometheus,
      `count by (gpu) (last_over_time({host_name="${name}",job="dcgm-exporter",gpu!="",__name__!~"${FAULTS.join("|")}"}[5m]))`,
      "gpu",
    );
    gpus.forEach((modelled, gpu) =>
      compared.push({ name: `series of GPU ${gpu} of ${name}`, modelled, measured: byGpu.get(String(gpu)) ?? 0 }),
    );
  }
  compared.push({
    name: "active series",
    modelled: report.activeSeries,
    measured: (await ask(prometheus, 'count({__name__!=""})')).get("") ?? 0,
  });
  // Every replica appends the same; each scrapes all of them, so any one can say it of all.
  const appended = [
    ...(await ask(prometheus, "sum by (instance) (rate(prometheus_tsdb_head_samples_appended_total[2m]))", "instance")),
  ];
  appended.forEach(([instance, measured]) =>
    compared.push({ name: `samples/s of Prometheus ${instance}`, modelled: report.samplesPerSecond, measured }),
  );
  return compared;
}

/** Values of an instant query, by one label. */
async function ask(reader: Reader, query: string, label?: string): Promise<ReadonlyMap<string, number>> {
  const address = `${reader.endpoint}/api/v1/query?query=${encodeURIComponent(query)}`;
  const answer = await fetch(address, { dispatcher: reader.dispatcher, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${query}: ${reader.endpoint} answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as {
    data: { result: readonly { metric: Record<string, string>; value: [number, string] }[] };
  };
  return new Map(
    data.result.map(({ metric, value }) => [label === undefined ? "" : (metric[label] ?? ""), Number(value[1])]),
  );
}
