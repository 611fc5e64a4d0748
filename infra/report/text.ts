import type { Report } from "./model.ts";
import { SERIES_PER_GPU, SERIES_PER_MIG_INSTANCE } from "./hosts.ts";
import { STORED_BYTES } from "./measured.ts";
import { round } from "./warnings.ts";

/** The report as tables, with what it assumes and what it warns of. */
export function toText(report: Report, warnings: readonly string[]): string {
  const { environment, rules, applications, spans, logs, reserved } = report;
  return [
    `${environment}: what it will cost to run`,
    section("series of hosts", [
      ["host", "nodes", "GPUs", "a GPU", "dcgm", "node", "host", "agent", "total"],
      ...report.hosts.map(({ name, nodes, gpus, series, total }) =>
        [
          name,
          nodes,
          gpus.length,
          range(gpus),
          series.dcgmExporter,
          series.nodeExporter,
          series.hostMetrics,
          series.agent,
          total,
        ].map(String),
      ),
    ]),
    section("series of the platform", [
      ["part", "replicas", "each", "total"],
      ...report.central.map(({ component, replicas, seriesEach }) =>
        [component, replicas, seriesEach, replicas * seriesEach].map(String),
      ),
      [`rules (${rules.alerts} alerts, ${rules.recordingRules} recorded)`, "", "", String(rules.series)],
      ["applications' own", "", "", round(applications.own)],
      ["counted from spans", "", "", round(applications.fromSpans)],
    ]),
    section("in all, on each Prometheus", [
      ["active series", round(report.activeSeries)],
      ["samples/s", `${round(report.samplesPerSecond)}, one every ${report.scrapeSeconds} s`],
      ["spans/s", `${round(spans.received)} received, ${round(spans.kept)} kept`],
      ["log lines/s", `${round(logs.linesPerSecond)}, ${round(logs.gibPerDay)} GiB a day before compression`],
      ["memory limits", `${round(reserved.memoryMiB / 1024)} GiB, ${round(reserved.cpu)} processors reserved`],
    ]),
    section("storage at the end of the retention", [
      ["backend", "replicas", "kept", "each", "total", "on"],
      ...report.storage.map(({ backend, replicas, retention, eachGiB, totalGiB, on }) => [
        backend,
        String(replicas),
        retention,
        `${round(eachGiB)} GiB`,
        `${round(totalGiB)} GiB`,
        on,
      ]),
      ["together", "", "", "", `${round(report.storageGiB)} GiB`, ""],
    ]),
    describeQueues(report),
    `\nassumed\n${listAssumptions(report)
      .map((line) => `  ${line}`)
      .join("\n")}`,
    ...(warnings.length === 0 ? [] : [`\nwarning\n${warnings.map((line) => `  ${line}`).join("\n")}`]),
  ].join("\n");
}

function describeQueues({ queues }: Report): string {
  return section("queues of a gateway, in MiB", [
    ["gateway", "to backends", "to gateways", "together", "volume"],
    ...queues.map(({ gateway, backends, backendMiB, peers, peerMiB, sumMiB, volumeMiB }) => [
      gateway,
      `${backends} x ${backendMiB}`,
      peers === 0 ? "none" : `${peers} x ${peerMiB}`,
      String(sumMiB),
      String(volumeMiB),
    ]),
  ]);
}

/** What the numbers rest on beside the plan. */
export function listAssumptions({ load }: Report): readonly string[] {
  const bytes = STORED_BYTES;
  return [
    `a whole GPU has ${SERIES_PER_GPU} series and a MIG instance ${SERIES_PER_MIG_INSTANCE}: the enabled DCGM fields; faults add some while they last`,
    "real hosts are as large as a DGX H100 (28 threads, a disk, a network card and an InfiniBand port for each GPU), without MIG; a process's host is this machine",
    `each pool of GPU nodes has ${load.poolNodes} of them (load.poolNodes)`,
    `a host sends ${load.spansPerSecond} spans/s and ${load.logLinesPerSecond} log lines/s from ${load.servicesPerHost} services with ${load.operationsPerService} operations and ${load.seriesPerService} series of their own each (load)`,
    `${round(load.alwaysKept * 100)} % of traces are errors or slow and always kept; services send equally much`,
    "what programs say of themselves was measured on the running local environment (infra/report/measured.ts)",
    `bytes on disk: sample ${bytes.prometheusSample}, span ${bytes.tempoSpan} (Tempo) or ${bytes.jaegerSpan} (Jaeger), log line ${bytes.lokiLine}, measured, Jaeger's at most; GreptimeDB's are not measured`,
  ];
}

function range(values: readonly number[]): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(least) : `${least}-${most}`;
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
