import type { GoDuration } from "../core/units.ts";
import type { Placement } from "../runtime/placement.ts";
import type { ScenarioName } from "./scenarios/catalogue.ts";
import type { KernelLogFormat } from "./simulator/kernel-line.ts";

/** The exporter of one host's GPUs, real or simulated. */
export interface DcgmExporterSettings {
  readonly placement: Placement<"http">;
  /**
   * How often DCGM reads the GPUs. Upstream waits 30 s, which is two scrapes too long for an alert.
   *
   * @default "15s"
   */
  readonly collectInterval?: GoDuration;
  /**
   * Longest time until it answers, in seconds. It listens only when all of a host's GPUs are read once; upstream's chart
   * waits 45 s before it asks at all (`deployment/values.yaml`, 4.5.3-4.8.2).
   *
   * @default 120
   */
  readonly startSeconds?: number;
  /** `host:port` of a DCGM host engine that runs by itself; absent, the exporter runs its own. */
  readonly hostEngine?: string;
  /**
   * Folder in which a scheduler's prolog and epilog keep a file per GPU, named after its index, with a job id a line
   * (`--hpc-job-mapping-dir`): every series of the GPU gets the label `hpc_job`. Absent, no series has one.
   */
  readonly jobMappingFolder?: string;
  /** Name the pod that computes on each GPU (`pod`, `namespace`, `container`), from the node's kubelet. @default false */
  readonly podNames?: boolean;
  /** Serve a simulator in the place of the exporter. */
  readonly simulated?: SimulatedHost;
}

/** A GPU host without a GPU. */
export interface SimulatedHost {
  /** Value of the label `Hostname`, and what the UUIDs are derived from. */
  readonly hostName: string;
  readonly gpus: number;
  readonly scenario: ScenarioName;
  /**
   * How lines of its kern.log are written.
   *
   * @default "traditional", as rsyslog writes /var/log/kern.log
   */
  readonly kernelLogFormat?: KernelLogFormat;
}

/** The exporter of one host's CPUs, memory, disks and network. */
export interface NodeExporterSettings {
  readonly placement: Placement<"http">;
  /**
   * Where the host's own file system is seen; a container mounts it.
   *
   * @default "/"
   */
  readonly rootfs?: string;
}

/** Where workloads on Kubernetes see the root folder of their node. */
export const NODE_ROOT = "/node";
