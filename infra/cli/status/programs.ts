import { join } from "node:path";
import { healthTargetOf } from "../../../components/runtime/process/process-spec.ts";
import { waitUntilHealthy } from "../../../components/runtime/process/health.ts";
import { findRunning } from "../../../components/runtime/process/process-record.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { residentOf } from "../resident.ts";

/** What a program of this machine does now. */
export type ProgramState =
  | { readonly kind: "stopped" }
  | { readonly kind: "answers"; readonly pid: number; readonly memoryMiB: number }
  | { readonly kind: "silent"; readonly pid: number; readonly memoryMiB: number; readonly lastAnswer: string };

export interface ProgramStatus {
  readonly name: string;
  readonly state: ProgramState;
  /** `port name` to `host:port`. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** Asks every program whether it is healthy, as the runtime did when it started it. */
export function readPrograms(workloads: readonly Workload[], stateFolder: string): Promise<readonly ProgramStatus[]> {
  return Promise.all(
    workloads.map(async (workload) => ({
      name: workload.name,
      state: await readState(workload, join(stateFolder, "workloads", workload.name)),
      addresses: Object.fromEntries(
        Object.entries(workload.ports).map(([name, { host, port }]) => [name, `${host}:${port}`]),
      ),
    })),
  );
}

async function readState(workload: Workload, folder: string): Promise<ProgramState> {
  const record = findRunning(folder);
  if (record === undefined) return { kind: "stopped" };
  const unready = await waitUntilHealthy({ ...healthTargetOf(workload), deadlineSeconds: 0 }, folder, () => true);
  const { pid } = record;
  const memoryMiB = residentOf(pid);
  if (unready === undefined) return { kind: "answers", pid, memoryMiB };
  return { kind: "silent", pid, memoryMiB, lastAnswer: unready.kind === "late" ? unready.lastAnswer : "it ended" };
}
