import { fetch } from "undici";
import type { LocalEnvironment } from "../support/local-environment.ts";

/** Something that happens to one GPU, and every alert it must set off. */
export interface Fault {
  readonly title: string;
  /** Index of the host, from 0. */
  readonly host: number;
  readonly gpu: number;
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly fires: readonly string[];
  /** Other GPUs of the host it strikes the same way. */
  readonly alsoGpus?: readonly number[];
  /** Alerts about the host as a whole. */
  readonly hostFires?: readonly string[];
}

/** Events about a host as a whole name no GPU. */
const OF_THE_HOST: ReadonlySet<unknown> = new Set(["fabric-manager", "exporter"]);
const lasting = { forSeconds: 3600 };

/**
 * One fault on each GPU, so that they cannot be taken for each other. GPU 7 of either host is cut in MIG instances; GPU 6
 * of the second one is left for the notification.
 */
export const FAULTS: readonly Fault[] = [
  {
    title: "an Xid that asks for a reset",
    host: 0,
    gpu: 0,
    events: [{ event: "xid", code: 119 }],
    fires: ["GpuXidCritical"],
  },
  {
    title: "an Xid that ends an application",
    host: 0,
    gpu: 1,
    events: [{ event: "xid", code: 31 }],
    fires: ["GpuXidWarning"],
  },
  {
    title: "an uncorrectable memory error",
    host: 0,
    gpu: 2,
    events: [{ event: "ecc", uncorrected: 1, alone: true }],
    fires: ["GpuUncorrectableEcc"],
  },
  {
    title: "memory that wears out",
    host: 0,
    gpu: 3,
    events: [{ event: "ecc", corrected: 5, alone: true, ...lasting }],
    fires: ["GpuCorrectedEccRate"],
  },
  {
    title: "a row that cannot be remapped",
    host: 0,
    gpu: 4,
    events: [{ event: "row-remap", pending: false, failed: true, ...lasting }],
    fires: ["GpuRowRemapFailed"],
  },
  {
    title: "a row to be remapped at the next reset",
    host: 0,
    gpu: 5,
    events: [{ event: "row-remap", pending: true, ...lasting }],
    fires: ["GpuRowRemapPending"],
  },
  {
    title: "pages to be retired",
    host: 0,
    gpu: 6,
    events: [{ event: "retired-pages", ...lasting }],
    fires: ["GpuPagesPendingRetirement"],
  },
  {
    title: "a GPU that left the bus",
    host: 1,
    gpu: 0,
    events: [{ event: "fallen-off", ...lasting }],
    fires: ["GpuXidCritical"],
    hostFires: ["GpuMissing"],
  },
  { title: "a hot GPU", host: 1, gpu: 1, events: [{ event: "hot", celsius: 86, ...lasting }], fires: ["GpuTooHot"] },
  {
    title: "hot memory",
    host: 1,
    gpu: 2,
    events: [{ event: "hot", celsius: 70, memoryCelsius: 97, ...lasting }],
    fires: ["GpuMemoryTooHot"],
  },
  {
    title: "a power limit that holds it down",
    host: 1,
    gpu: 3,
    events: [{ event: "throttle", reason: "power_cap", ...lasting }],
    fires: ["GpuPowerThrottling"],
  },
  {
    title: "NVLink errors",
    host: 1,
    gpu: 4,
    events: [{ event: "nvlink", errors: 5, kind: "recovery", ...lasting }],
    fires: ["GpuNvlinkErrors"],
  },
  {
    title: "PCIe replays",
    host: 1,
    gpu: 5,
    events: [{ event: "pcie-replay", count: 2, ...lasting }],
    fires: ["GpuPcieReplays"],
  },
  {
    title: "heat that slows a GPU down",
    host: 2,
    gpu: 0,
    events: [{ event: "throttle", reason: "hw_thermal", ...lasting }],
    fires: ["GpuThermalThrottling", "GpuTooHot", "GpuMemoryTooHot"],
  },
  {
    title: "a board that brakes",
    host: 2,
    gpu: 1,
    events: [{ event: "throttle", reason: "hw_slowdown", ...lasting }],
    fires: ["GpuHardwareSlowdown", "GpuBoardThrottling"],
  },
  {
    title: "an Xid only the kernel log tells of",
    host: 2,
    gpu: 2,
    events: [{ event: "xid", code: 31, witness: "kernel" }],
    fires: ["GpuXidWarning"],
    hostFires: ["GpuXidWitnessesDisagree"],
  },
  {
    title: "a fabric manager that failed",
    host: 3,
    gpu: 0,
    events: [{ event: "fabric-manager", ...lasting }],
    fires: ["GpuFabricNotReady"],
    alsoGpus: [1],
  },
  {
    title: "an exporter that hangs",
    host: 4,
    gpu: 0,
    events: [{ event: "exporter", mode: "hang", ...lasting }],
    fires: [],
    hostFires: ["GpuExporterDown"],
  },
];

/** The fault whose notification is timed. */
export const NOTIFIED: Fault = {
  title: "an Xid on a GPU with a job",
  host: 1,
  gpu: 6,
  events: [{ event: "xid", code: 109, pid: 4711, process: "python3" }],
  fires: ["GpuXidCritical"],
};

/** Makes it happen in the simulator of its host. */
export async function inject({ title, host, gpu, events }: Fault, environment: LocalEnvironment): Promise<void> {
  for (const event of events) {
    const answer = await fetch(`http://${environment.address(host)}:9400/events`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(OF_THE_HOST.has(event["event"]) ? event : { gpu, ...event }),
    });
    if (answer.status !== 202) throw new Error(`${title}: ${answer.status} ${await answer.text()}`);
  }
}

/** `alert host gpu` of every alert a fault must set off. */
export function expectedOf({ host, gpu, alsoGpus = [], fires, hostFires = [] }: Fault): readonly string[] {
  const name = `gpu-${host + 1}`;
  const ofGpus = [gpu, ...alsoGpus].flatMap((index) => fires.map((alert) => `${alert} ${name} ${index}`));
  return [...ofGpus, ...hostFires.map((alert) => `${alert} ${name}`)];
}
