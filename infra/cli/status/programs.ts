import { join } from "node:path";
import { healthTargetOf } from "../../../components/runtime/process/process-spec.ts";
import { findSilence, toHealthText } from "../../../components/runtime/process/health.ts";
import { findRunning } from "../../../components/runtime/process/process-record.ts";
import type { Workload } from "../../../components/runtime/workload.ts";
import { residentOf } from "../resident.ts";

/** What a program of this machine does now. */
export type ProgramState =
  | { readonly kind: "stopped" }
  | { readonly kind: "answers"; readonly pid: number; readonly memoryMiB: number }
  | {
      readonly kind: "silent";
      readonly pid: number;
      readonly memoryMiB: number;
      /** What it was asked, such as `GET https://127.0.0.1:3200/ready`. */
      readonly asked: string;
      readonly lastAnswer: string;
    };

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
  const target = healthTargetOf(workload);
  const unready = await findSilence(target, folder, () => findRunning(folder) !== undefined);
  const { pid } = record;
  const memoryMiB = residentOf(pid);
  if (unready === undefined) return { kind: "answers", pid, memoryMiB };
  if (unready.kind === "exited") return { kind: "stopped" };
  return { kind: "silent", pid, memoryMiB, asked: toHealthText(target), lastAnswer: unready.lastAnswer };
}
