import { createHash } from "node:crypto";
import type { Scenario } from "./scenario.ts";

/** A slice of a GPU in MIG mode. */
export interface MigInstance {
  readonly profile: string;
  readonly id: number;
  /** Part of the GPU's memory and work, between 0 and 1. */
  readonly share: number;
}

/** What never changes about one GPU. */
export interface GpuIdentity {
  readonly index: number;
  readonly uuid: string;
  /** As the exporter writes it: `00000000:1B:00.0`. */
  readonly pciBusId: string;
  readonly model: string;
  readonly mig: readonly MigInstance[];
}

/** Buses of the eight GPUs of a DGX H100. */
const BUSES = ["1B", "43", "52", "61", "9D", "C3", "D1", "DF"];

/** The GPUs of a host; the same host name always gives the same UUIDs, and two hosts never share one. */
export function planFleet(
  hostname: string,
  { gpus, model, mig }: Pick<Scenario, "gpus" | "model" | "mig">,
): readonly GpuIdentity[] {
  return Array.from({ length: gpus }, (_, index) => ({
    index,
    uuid: uuidOf(hostname, index),
    pciBusId: `${Math.floor(index / BUSES.length)
      .toString(16)
      .toUpperCase()
      .padStart(8, "0")}:${BUSES[index % BUSES.length]}:00.0`,
    model,
    mig: mig.find(({ gpu }) => gpu === index)?.instances ?? [],
  }));
}

/** The bus as the kernel driver prints it: `0000:1b:00`. */
export function toKernelBus(pciBusId: string): string {
  return pciBusId.slice(4).replace(/\.\d$/, "").toLowerCase();
}

function uuidOf(hostname: string, index: number): string {
  const hex = createHash("sha256").update(`${hostname}/${index}`).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return `GPU-${parts.join("-")}`;
}
