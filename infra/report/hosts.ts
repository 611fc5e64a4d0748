import { migOnLast } from "../../components/gpu-host/scenarios/healthy.ts";
import { GPU_SIGNALS } from "../../components/signals/gpu.ts";
import type { PlannedHost } from "../topology/topology.ts";
import { gpuServer, type MachineShape } from "./machine.ts";
import { HOST_METRICS, NODE_EXPORTER, SELF_TELEMETRY, SERIES_PER_SCRAPE } from "./measured.ts";
import type { Load } from "./settings.ts";

/** One GPU host, or one node of a pool. */
export interface HostReport {
  readonly name: string;
  /** Hosts like this one: more than one in a pool. */
  readonly nodes: number;
  /** Series of each GPU, by its number; those of its MIG instances together. */
  readonly gpus: readonly number[];
  /** Series by who measures them, each with what the scrape adds. */
  readonly series: {
    readonly dcgmExporter: number;
    readonly nodeExporter: number;
    readonly hostMetrics: number;
    readonly agent: number;
  };
  readonly total: number;
}

/** Fields DCGM has of a whole GPU only: PROF fields say the same of a MIG instance. */
const WHOLE_GPU_ONLY = [
  "DCGM_FI_DEV_GPU_UTIL",
  "DCGM_FI_DEV_MEM_COPY_UTIL",
  "DCGM_FI_DEV_ENC_UTIL",
  "DCGM_FI_DEV_DEC_UTIL",
];

/** What is true of a healthy GPU at any time; a fault adds a few series for as long as it lasts. */
const ALWAYS = GPU_SIGNALS.filter(({ absentWhile }) => absentWhile === undefined);
export const SERIES_PER_GPU = ALWAYS.length;
const ON_MIG = ALWAYS.filter(({ exporterField = "" }) => !WHOLE_GPU_ONLY.includes(exporterField));
export const SERIES_PER_MIG_INSTANCE = ON_MIG.length;

/** `target_info` of whoever is scraped or read. */
const TARGET = 1;

/** What decides the series of a host beside its own description. */
export interface HostInputs {
  readonly load: Load;
  /** The machine that runs processes. */
  readonly here: MachineShape;
  /** `metrics.drop`: names (regular expressions) the gateways leave out; applied to what grows with GPUs and processors. */
  readonly drop: readonly string[];
}

export function reportHost(host: PlannedHost, { load, here, drop }: HostInputs): HostReport {
  const shape = host.runtime === "process" ? here : gpuServer(host.gpus);
  const gpus = Array.from({ length: host.gpus }, (_, gpu) => seriesOfGpu(host, gpu, drop));
  const series = {
    dcgmExporter: sum(gpus) + SERIES_PER_SCRAPE + TARGET,
    nodeExporter: seriesOfNodeExporter(shape, drop) + SERIES_PER_SCRAPE + TARGET,
    hostMetrics: seriesOfHostMetrics(shape, drop) + TARGET,
    agent: SELF_TELEMETRY.agent + SERIES_PER_SCRAPE + TARGET,
  };
  return {
    name: host.name,
    nodes: host.runtime === "kubernetes" ? load.poolNodes : 1,
    gpus,
    series,
    total: sum(Object.values(series)),
  };
}

function seriesOfGpu({ simulated, gpus }: PlannedHost, gpu: number, drop: readonly string[]): number {
  const kept = (signals: typeof ALWAYS) => signals.filter(({ name }) => !isDropped(name, drop)).length;
  // A real host's slices are not in its description: whole GPUs are assumed.
  const instances = simulated ? migOnLast(gpus).find((slice) => slice.gpu === gpu)?.instances.length : undefined;
  return instances === undefined ? kept(ALWAYS) : instances * kept(ON_MIG);
}

function seriesOfNodeExporter(shape: MachineShape, drop: readonly string[]): number {
  return (
    NODE_EXPORTER.fixed +
    sumKept(NODE_EXPORTER.perCpu, drop) * shape.cpus +
    NODE_EXPORTER.perScaledCpu * shape.scaledCpus +
    NODE_EXPORTER.perDisk * shape.disks +
    NODE_EXPORTER.perNetwork * shape.networks +
    NODE_EXPORTER.perMount * shape.mounts +
    NODE_EXPORTER.perNumaNode * shape.numaNodes +
    NODE_EXPORTER.perInfinibandPort * shape.infinibandPorts +
    NODE_EXPORTER.perSensor * shape.sensors
  );
}

function seriesOfHostMetrics({ cpus, disks, networks, volumes }: MachineShape, drop: readonly string[]): number {
  return (
    HOST_METRICS.fixed +
    sumKept(HOST_METRICS.perCpu, drop) * cpus +
    HOST_METRICS.perDisk * disks +
    HOST_METRICS.perNetwork * networks +
    HOST_METRICS.perVolume * volumes
  );
}

function sumKept(seriesByName: Readonly<Record<string, number>>, drop: readonly string[]): number {
  return sum(Object.entries(seriesByName).map(([name, series]) => (isDropped(name, drop) ? 0 : series)));
}

function isDropped(name: string, drop: readonly string[]): boolean {
  return drop.some((pattern) => new RegExp(pattern).test(name));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
