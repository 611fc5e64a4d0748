import type { RuntimeName } from "../topology/topology.ts";

/** Number of the model's shape; summaries of different shapes are not compared. */
export const SUMMARY_FORMAT = 1;

/**
 * What an environment is, in the words of its operator: plain, stable JSON without a secret, made from the plan alone.
 * Contents of files are hashes, so that it is small enough for the state of the stack.
 */
export interface Summary {
  readonly format: typeof SUMMARY_FORMAT;
  readonly environment: string;
  readonly hosts: Readonly<Record<string, HostSummary>>;
  readonly sampling: SamplingSummary;
  /** Thresholds in force, by area and name: `gpu.temperature`. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly alerts: Readonly<Record<string, AlertSummary>>;
  /** Names of the alerts that `alerts.disabled` leaves out. */
  readonly disabledAlerts: readonly string[];
  readonly receivers: Readonly<Record<string, ReceiverSummary>>;
  /** The programs in use, by their key in `versions.json`. */
  readonly images: Readonly<Record<string, ImageSummary>>;
  /** Mirror that all images are pulled from; empty for none. */
  readonly imageRegistry: string;
  /** How clusters, hosts and engines are reached, by path; a state of before has none. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly workloads: Readonly<Record<string, WorkloadSummary>>;
  /** What backends keep, by backend. */
  readonly retention: Readonly<Record<string, RetentionSummary>>;
  /** Hash of each dashboard's model, by uid. */
  readonly dashboards: Readonly<Record<string, string>>;
  /** Figures of the cost report, by {@link CostFigure}. */
  readonly cost: Readonly<Record<string, number>>;
}

/** The parts of a summary that could be had; what one side lacks is not compared. */
export type PartialSummary = Pick<Summary, "environment"> & Partial<Summary>;

export interface HostSummary {
  readonly runtime: RuntimeName;
  readonly gpus: number;
  readonly gpuModel?: string;
  /** Drained or quarantined. @default active */
  readonly state?: string;
  readonly simulated: boolean;
}

export interface SamplingSummary {
  /** Share of traces kept, 0 to 1. */
  readonly default: number;
  readonly services: Readonly<Record<string, number>>;
  /** Slower traces are always kept. */
  readonly slowTraceMs: number;
}

export interface AlertSummary {
  readonly severity: string;
  readonly area: string;
  /** How long the condition must hold. @default it fires at once */
  readonly for?: string;
  readonly keepFiringFor?: string;
  readonly team?: string;
  /** Hash of the condition itself, apart from thresholds in force and the hosts there are. */
  readonly condition: string;
  /** Values of the thresholds that decide it, by area and name. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** Who is told of alerts; never how they are reached. */
export interface ReceiverSummary {
  readonly kind: string;
  /** What it is told of: severities, teams. */
  readonly toldOf: readonly string[];
}

export interface ImageSummary {
  readonly version: string;
  /** Container image, for the runtimes that run containers. */
  readonly image?: string;
}

export interface WorkloadSummary {
  readonly service: string;
  readonly program: string;
  readonly runtime: RuntimeName;
  /** The GPU host it observes. @default none: a gateway or backend */
  readonly host?: string;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly memoryMiB: number;
  readonly cpu: number;
  /** Largest size of each volume, in MiB. */
  readonly volumes: Readonly<Record<string, number>>;
  readonly ports: Readonly<Record<string, ListenerSummary>>;
  /** What it is started with; `workload.json` is everything that is not a file, as in `tests/golden`. */
  readonly files: Readonly<Record<string, FileSummary>>;
}

export interface ListenerSummary {
  readonly host: string;
  readonly port: number;
  readonly protocol: string;
  readonly access: string;
}

export interface FileSummary {
  readonly hash: string;
  readonly lines: number;
}

export interface RetentionSummary {
  readonly retention: string;
  /** `disk`, `memory`, or the bucket. */
  readonly on: string;
}
