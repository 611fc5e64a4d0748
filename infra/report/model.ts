import { toSeconds } from "../../components/core/units.ts";
import { planDeployables } from "../deploy/plan.ts";
import type { Topology } from "../topology/topology.ts";
import { type CentralReport, reportCentral, reportRules, type RulesReport } from "./central.ts";
import { type HostReport, reportHost, sum } from "./hosts.ts";
import type { MachineShape } from "./machine.ts";
import { KERNEL_LINES_PER_SECOND, LINE_BYTES, PUSH_SECONDS, SERIES_PER_OPERATION } from "./measured.ts";
import { type QueueReport, reportQueues } from "./queues.ts";
import type { Load } from "./settings.ts";
import { reportStorage, type StorageReport } from "./storage.ts";

/** What an environment will cost to run; rates and series are those of one Prometheus, all of which hold the same. */
export interface Report {
  readonly environment: string;
  readonly scrapeSeconds: number;
  readonly load: Load;
  readonly hosts: readonly HostReport[];
  readonly central: readonly CentralReport[];
  readonly rules: RulesReport;
  /** Series of applications: their own, and those gateways count from their spans. */
  readonly applications: { readonly own: number; readonly fromSpans: number };
  readonly activeSeries: number;
  readonly samplesPerSecond: number;
  /** Spans a second, as received and after sampling. */
  readonly spans: { readonly received: number; readonly kept: number };
  readonly logs: { readonly linesPerSecond: number; readonly gibPerDay: number };
  readonly storage: readonly StorageReport[];
  readonly storageGiB: number;
  /** Memory limits and reserved processors of every workload, a pool's once a node. */
  readonly reserved: { readonly memoryMiB: number; readonly cpu: number };
  /** Largest size each stateful volume was planned with, in GiB, by service. */
  readonly volumesGiB: Readonly<Record<string, number>>;
  /** Queues of the gateways beside their volumes. */
  readonly queues: readonly QueueReport[];
}

/** Computes the report of an environment from its plan alone: nothing need run. */
export function planReport(topology: Topology, load: Load, here: MachineShape): Report {
  const scrapeSeconds = toSeconds(topology.environment.metrics.scrapeInterval);
  const { drop } = topology.environment.metrics;
  const hosts = topology.hosts.map((host) => reportHost(host, { load, here, drop }));
  const nodes = sum(hosts.map((host) => host.nodes));
  const rules = reportRules(topology, hosts, load);
  const central = reportCentral(topology, rules);
  const applications = {
    own: nodes * load.servicesPerHost * load.seriesPerService,
    fromSpans: nodes * load.servicesPerHost * load.operationsPerService * SERIES_PER_OPERATION,
  };
  const scraped =
    sum(hosts.map((host) => host.nodes * host.total)) +
    sum(central.map(({ replicas, seriesEach }) => replicas * seriesEach));
  const samplesPerSecond =
    scraped / scrapeSeconds +
    applications.own / PUSH_SECONDS.applications +
    applications.fromSpans / PUSH_SECONDS.spanMetrics +
    rules.series / toSeconds(topology.environment.prometheus.evaluationInterval);
  const spans = reportSpans(topology, nodes * load.spansPerSecond, load);
  const lines = nodes * (load.logLinesPerSecond + KERNEL_LINES_PER_SECOND);
  const storage = reportStorage(topology, { samples: samplesPerSecond, spans: spans.kept, lines });
  return {
    environment: topology.name,
    scrapeSeconds,
    load,
    hosts,
    central,
    rules,
    applications,
    activeSeries: scraped + applications.own + applications.fromSpans + rules.series,
    samplesPerSecond,
    spans,
    logs: { linesPerSecond: lines, gibPerDay: (lines * LINE_BYTES * 86_400) / 1024 ** 3 },
    storage,
    storageGiB: sum(storage.filter(({ on }) => on !== "memory").map(({ totalGiB }) => totalGiB)),
    ...reportReserved(topology, load),
    queues: reportQueues(topology),
  };
}

/** Spans are spread evenly over the services with a rate of their own and, as one more, all others. */
function reportSpans({ environment: { sampling } }: Topology, received: number, { alwaysKept }: Load): Report["spans"] {
  const rates = [sampling.default, ...Object.values(sampling.services)];
  const rate = sum(rates) / rates.length;
  return { received, kept: received * (alwaysKept + (1 - alwaysKept) * rate) };
}

function reportReserved(topology: Topology, { poolNodes }: Load): Pick<Report, "reserved" | "volumesGiB"> {
  const pools = new Set(topology.hosts.filter(({ runtime }) => runtime === "kubernetes").map(({ name }) => name));
  const all = planDeployables(topology).map(({ workload, machine }) => ({
    workload,
    copies: pools.has(machine) ? poolNodes : (workload.replicas ?? 1),
  }));
  const volumes = all.flatMap(({ workload }) =>
    workload.volumes.map(({ sizeMiB }) => [workload.service, sizeMiB / 1024] as const),
  );
  return {
    reserved: {
      memoryMiB: sum(all.map(({ workload, copies }) => copies * workload.resources.memoryMiB)),
      cpu: sum(all.map(({ workload, copies }) => copies * workload.resources.cpu)),
    },
    volumesGiB: Object.fromEntries(volumes),
  };
}
