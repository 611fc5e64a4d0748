import { readdirSync, readFileSync } from "node:fs";
import { listRunning } from "../../components/runtime/process/process-record.ts";
import { stateFolder } from "./folders.ts";

/** Resident memory of every process of an environment on this machine, in MiB; shared pages count in each. */
export function residentMiB(name: string): number {
  return Object.values(residentByWorkload(name)).reduce((total, part) => total + part, 0);
}

/** The same by workload. */
export function residentByWorkload(name: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    listRunning(stateFolder(name)).map(({ name: workload, pid }) => [workload, residentOf(pid)]),
  );
}

/** CPU time a process has used, user and system, in seconds; to the nanosecond where the kernel keeps it. */
export function cpuSecondsOf(pid: number): number {
  return scheduledSecondsOf(pid) ?? tickSecondsOf(pid);
}

/** What the scheduler gave each thread that still runs; undefined where the kernel does not say. */
function scheduledSecondsOf(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const nanos = threads.map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    const total = nanos.reduce((sum, part) => sum + part, 0);
    return total > 0 ? total / 1e9 : undefined;
  } catch {
    return undefined;
  }
}

function tickSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** Linux reports process times in hundredths of a second on every architecture. */
const CLOCK_TICKS_PER_SECOND = 100;

export function residentOf(pid: number): number {
  return statusMiB(pid, "VmRSS");
}

/** Most resident memory it has ever had, in MiB. */
export function peakResidentOf(pid: number): number {
  return statusMiB(pid, "VmHWM");
}

function statusMiB(pid: number, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const [, kib = "0"] = new RegExp(`${field}:\\s+(\\d+) kB`).exec(status) ?? [];
  return Number(kib) / 1024;
}
